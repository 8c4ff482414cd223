import { type DynamicModule, Module } from '@nestjs/common';
import { ActOnDeadLetter } from './act-on-dead-letter.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeadLettersQueries } from './dead-letters.queries.js';
import { RecordDeadLetterHandler } from './record-dead-letter.handler.js';
import { RecordUnroutedHandler } from './record-unrouted.handler.js';
import { SUBJECT_LISTENERS, type SubjectListeners } from './subjects.js';

@Module({})
export class DeadLettersModule {
  static forRoot({ listeners }: { listeners: SubjectListeners }): DynamicModule {
    return {
      module: DeadLettersModule,
      controllers: [DeadLettersController, RecordDeadLetterHandler, RecordUnroutedHandler],
      providers: [
        ActOnDeadLetter,
        DeadLettersQueries,
        { provide: SUBJECT_LISTENERS, useValue: listeners },
      ],
    };
  }
}
