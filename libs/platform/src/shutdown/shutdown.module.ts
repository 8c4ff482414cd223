import { Global, Module } from '@nestjs/common';
import { Shutdown } from './shutdown.js';

/** One `Shutdown` for the whole process. Who asks for it is `startService`. */
@Global()
@Module({ providers: [Shutdown], exports: [Shutdown] })
export class ShutdownModule {}
