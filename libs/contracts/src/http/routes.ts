import type { Route } from './route.js';
import { auditRoutes } from './routes/audit-routes.js';
import { datasetRoutes } from './routes/dataset-routes.js';
import { deadLetterRoutes } from './routes/dead-letter-routes.js';
import { emailRoutes } from './routes/email-routes.js';
import { eventRoutes } from './routes/event-routes.js';
import { importActionRoutes } from './routes/import-action-routes.js';
import { importRoutes } from './routes/import-routes.js';
import { mappingRoutes } from './routes/mapping-routes.js';
import { inspectionRoutes } from './routes/inspection-routes.js';
import { monitorRoutes } from './routes/monitor-routes.js';
import { rejectedRowRoutes } from './routes/rejected-row-routes.js';
import { replayRoutes } from './routes/replay-routes.js';
import { serviceRoutes } from './routes/service-routes.js';
import { uploadRoutes } from './routes/upload-routes.js';

/** Every route of the gateway, once. What is not listed here is not served. */
export const routes: readonly Route[] = [
  ...uploadRoutes,
  ...inspectionRoutes,
  ...importRoutes,
  ...importActionRoutes,
  ...rejectedRowRoutes,
  ...mappingRoutes,
  ...datasetRoutes,
  ...emailRoutes,
  ...eventRoutes,
  ...deadLetterRoutes,
  ...replayRoutes,
  ...auditRoutes,
  ...monitorRoutes,
  ...serviceRoutes,
];
