import type { InDoubtPolicy } from './next-step.js';

/** What the configuration says about e-mails, for injection. */
export class MailSettings {
  /** The sender of e-mails that name none. */
  readonly from: string;
  /** (Default: retry) */
  readonly inDoubt: InDoubtPolicy;
  /** Where the gateway is reached from outside. */
  readonly publicUrl: string | undefined;

  constructor(settings: { from: string; inDoubt?: InDoubtPolicy; publicUrl?: string | undefined }) {
    this.from = settings.from;
    this.inDoubt = settings.inDoubt ?? 'retry';
    this.publicUrl = settings.publicUrl?.replace(/\/+$/, '');
  }
}
