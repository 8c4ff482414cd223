import { ImportFailed, type Outgoing } from '@offload/contracts';
import { Handles, type MessageHandler } from '@offload/messaging';
import { reportsInHand } from '../config.js';
import { composeImportFailed } from './compose-import-mail.js';
import { importMail } from './import-mail.js';
import { MailSettings } from './mail-settings.js';

/** Writes to the person who asked to be told, why the file could not be imported. */
@Handles(ImportFailed, { queue: 'notifier.tell-import-failed', prefetch: reportsInHand })
export class TellImportFailedHandler implements MessageHandler<typeof ImportFailed> {
  constructor(private readonly settings: MailSettings) {}

  async handle(ended: ImportFailed): Promise<Outgoing[]> {
    const { notify } = ended;
    if (!notify) return [];

    const words = composeImportFailed(ended, this.settings.publicUrl);
    return [importMail({ ...ended, kind: 'failed', email: notify.email }, words)];
  }
}
