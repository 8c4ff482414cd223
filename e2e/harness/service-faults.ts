import { setTimeout as pause } from 'node:timers/promises';
import { isRunning } from '../../scripts/lib/processes.mts';
import { type Service, SERVICES } from '../../scripts/lib/services.mts';
import { count } from './database.js';
import type { Fault, Lane } from './nemesis.js';
import type { TestStack } from './stack-harness.js';

/** Each service is killed, frozen and cut off from its broker, side by side with the others. */
export function serviceLanes(running: () => TestStack): Lane[] {
  return SERVICES.map((service) => ({
    faults: [
      kill(running, service),
      freeze(running, service),
      cutOff(running, service),
      cutSessions(running, service),
    ],
    restMs: [200, 1200],
  }));
}

function kill(running: () => TestStack, service: Service): Fault {
  return {
    name: `${service} killed`,
    weight: 8,
    inject: async () => {
      const victim = running().stack.service(service);
      if (!isRunning(victim.identity)) {
        throw new Error(`${service} has ended by itself:\n${victim.logTail()}`);
      }
      await victim.kill();
      await supervise(running(), service);
    },
  };
}

/** As a long garbage collection or a machine that stalls. */
function freeze(running: () => TestStack, service: Service): Fault {
  return {
    name: `${service} frozen`,
    weight: 2,
    inject: async (random) => {
      const { pid } = running().stack.service(service);
      process.kill(pid, 'SIGSTOP');
      await pause(300 + random() * 1200);
      process.kill(pid, 'SIGCONT');
    },
  };
}

function cutOff(running: () => TestStack, service: Service): Fault {
  return {
    name: `${service} cut off from the broker`,
    weight: 3,
    inject: async () => running().proxy.cut(service),
  };
}

function cutSessions(running: () => TestStack, service: Service): Fault {
  return {
    name: `${service} cut off from the database`,
    weight: 3,
    inject: async () => {
      const { db, stack } = running();
      const { username } = new URL(stack.databaseUrls[service]);
      const cut = `
        select count(pg_terminate_backend(pid)) from pg_stat_activity
         where datname = current_database() and usename = $1 and pid <> pg_backend_pid()`;
      await count(db, cut, [username]);
    },
  };
}

/**
 * Starts a service again as a supervisor does: until it stays up, with growing pauses. A broker that was
 * killed with work in it may need more than a minute, during which no service can start.
 */
async function supervise({ stack }: TestStack, service: Service): Promise<void> {
  const deadline = Date.now() + 300_000;
  for (let pauseMs = 250; ; pauseMs = Math.min(4000, pauseMs * 2)) {
    try {
      await stack.startAgain(service);
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(pauseMs);
    }
  }
}
