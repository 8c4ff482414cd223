import { liveOnes } from '../../workers/heard-worker.js';
import type { Facts } from '../facts.js';

/**
 * Whether the silence of the others says nothing about them, because reports come over the broker: no
 * gateway has a connection to consume from it, or the broker has blocked the connections that publish.
 */
export function hearsNothing({ workers, broker }: Pick<Facts, 'workers' | 'broker'>): boolean {
  const gateways = liveOnes(workers).filter(({ report }) => report.service === 'gateway');
  const isBlocked = gateways.some(({ report }) => report.broker.publishing === 'blocked');
  const isDeaf = gateways.every(({ report }) => report.broker.consuming === 'disconnected');
  return isDeaf || isBlocked || broker.alarms.length > 0;
}
