/**
 * Runs before each integration spec: decorators need their metadata, a quiet log keeps failures
 * readable, and real servers on a busy machine are given time.
 */
import 'reflect-metadata';
import { Logger } from '@nestjs/common';

Logger.overrideLogger(['fatal']);
jest.setTimeout(60_000);
