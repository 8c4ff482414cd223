import { counterMetric } from '@offload/platform';

export const uploadBytes = counterMetric('offload_upload_bytes_total', {
  help: 'Bytes of uploads that are stored and written down, counted after that commit: the whole file of a plain POST, of a resumable upload what each request has added. What was refused, or broke off without being kept, does not count.',
});
