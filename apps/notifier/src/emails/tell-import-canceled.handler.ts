import { ImportCanceled, type Outgoing } from '@offload/contracts';
import { Handles, type MessageHandler } from '@offload/messaging';
import { reportsInHand } from '../config.js';
import { composeImportCanceled } from './compose-import-mail.js';
import { importMail } from './import-mail.js';
import { MailSettings } from './mail-settings.js';

/** Writes to the person who asked to be told, that nothing more comes: they may not be who canceled it. */
@Handles(ImportCanceled, { queue: 'notifier.tell-import-canceled', prefetch: reportsInHand })
export class TellImportCanceledHandler implements MessageHandler<typeof ImportCanceled> {
  constructor(private readonly settings: MailSettings) {}

  async handle(ended: ImportCanceled): Promise<Outgoing[]> {
    const { notify } = ended;
    if (!notify) return [];

    const words = composeImportCanceled(ended, this.settings.publicUrl);
    return [importMail({ ...ended, kind: 'canceled', email: notify.email }, words)];
  }
}
