import { ImportCompleted, type Outgoing } from '@offload/contracts';
import { Handles, type MessageHandler } from '@offload/messaging';
import { reportsInHand } from '../config.js';
import { composeImportCompleted } from './compose-import-mail.js';
import { importMail } from './import-mail.js';
import { MailSettings } from './mail-settings.js';

/** Writes to the person who asked to be told, that the rows are in the dataset. */
@Handles(ImportCompleted, { queue: 'notifier.tell-import-completed', prefetch: reportsInHand })
export class TellImportCompletedHandler implements MessageHandler<typeof ImportCompleted> {
  constructor(private readonly settings: MailSettings) {}

  async handle(ended: ImportCompleted): Promise<Outgoing[]> {
    const { notify } = ended;
    if (!notify) return [];

    const words = composeImportCompleted(ended, this.settings.publicUrl);
    return [importMail({ ...ended, kind: 'completed', email: notify.email }, words)];
  }
}
