import { type DynamicModule, Module } from '@nestjs/common';
import { ActOnLetters } from './act-on-letters.js';
import { DeadLetterGroupsController } from './dead-letter-groups.controller.js';
import { DeadLettersController } from './dead-letters.controller.js';
import { DeadLettersQueries } from './dead-letters.queries.js';
import { ExportLetters } from './export-letters.js';
import { ForgetClosedLetters } from './forget-closed-letters.js';
import { GroupNotes } from './group-notes.js';
import { GroupsQueries } from './groups.queries.js';
import { KeepGroupsCurrent } from './keep-groups-current.js';
import { RecordDeadLetterHandler } from './record-dead-letter.handler.js';
import { RecordUnroutedHandler } from './record-unrouted.handler.js';
import { RequestRegrouping } from './request-regrouping.js';
import type { ReadQueueHealth } from './replays/queue-health.js';
import { ReplaysModule } from './replays/replays.module.js';
import { SUBJECT_LISTENERS, type SubjectListeners } from './subjects.js';
import { SUBJECT_VIEWS, type SubjectViews } from './subject-views.js';

export interface DeadLettersPorts {
  listeners: SubjectListeners;
  views: SubjectViews;
  /** (Default: nothing is known of any queue.) */
  queueHealth?: ReadQueueHealth;
}

@Module({})
export class DeadLettersModule {
  static forRoot({ listeners, views, queueHealth }: DeadLettersPorts): DynamicModule {
    return {
      module: DeadLettersModule,
      imports: [ReplaysModule.forRoot({ listeners, queueHealth })],
      controllers: [
        DeadLettersController,
        DeadLetterGroupsController,
        RecordDeadLetterHandler,
        RecordUnroutedHandler,
      ],
      providers: [
        ActOnLetters,
        DeadLettersQueries,
        ExportLetters,
        ForgetClosedLetters,
        GroupNotes,
        GroupsQueries,
        KeepGroupsCurrent,
        RequestRegrouping,
        { provide: SUBJECT_LISTENERS, useValue: listeners },
        { provide: SUBJECT_VIEWS, useValue: views },
      ],
    };
  }
}
