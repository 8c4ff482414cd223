import { type DynamicModule, Module, type OnModuleInit } from '@nestjs/common';
import { TopicSnapshots } from '../../events/topic-snapshots.js';
import { SUBJECT_LISTENERS, type SubjectListeners } from '../subjects.js';
import { ControlReplay } from './control-replay.js';
import { CreateReplay } from './create-replay.js';
import { EditLetter } from './edit-letter.js';
import { FollowUpReplay } from './follow-up-replay.js';
import { nothingKnown, QUEUE_HEALTH, type ReadQueueHealth } from './queue-health.js';
import { ReplayLetterController } from './replay-letter.controller.js';
import { replayResource } from './replay-resource.js';
import { ReplaysController } from './replays.controller.js';
import { ReplaysQueries } from './replays.queries.js';
import { ReplayEntity } from './replay.entity.js';
import { RunReplays } from './run-replays.js';
import { SettleReplayedHandler } from './settle-replayed.handler.js';

export interface ReplaysPorts {
  listeners: SubjectListeners;
  /** (Default: nothing is known of any queue, and nothing holds a replay back.) */
  queueHealth?: ReadQueueHealth | undefined;
}

@Module({})
export class ReplaysModule implements OnModuleInit {
  constructor(private readonly snapshots: TopicSnapshots) {}

  static forRoot({ listeners, queueHealth = nothingKnown }: ReplaysPorts): DynamicModule {
    return {
      module: ReplaysModule,
      controllers: [ReplaysController, ReplayLetterController, SettleReplayedHandler],
      providers: [
        ControlReplay,
        CreateReplay,
        EditLetter,
        FollowUpReplay,
        ReplaysQueries,
        RunReplays,
        { provide: SUBJECT_LISTENERS, useValue: listeners },
        { provide: QUEUE_HEALTH, useValue: queueHealth },
      ],
    };
  }

  onModuleInit(): void {
    this.snapshots.register('replay', async (tx, tenantId, id) => {
      const replay = await tx.findOneBy(ReplayEntity, { id, tenantId });
      if (!replay) return undefined;
      return { data: replayResource(replay), hasEnded: replay.finishedAt !== null };
    });
  }
}
