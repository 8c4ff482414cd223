import { AppError } from '@offload/platform';

/** Another try can help: the scanner may be back by then. */
export class ScannerUnavailable extends AppError {
  constructor(reason: string) {
    super('gateway.scanner-unavailable', `The virus scanner gives no verdict: ${reason}`, {
      help: 'See that clamd runs and is reached at CLAMD_URL. Uploads wait until then, or set SCAN_POLICY to best_effort.',
    });
  }
}
