import type { EntityManager } from 'typeorm';
import type { ReferenceKind } from './find-references.js';

/** What there is to say of a thing that a message refers to. */
export interface SubjectView {
  /** One sentence: what it is and how it stands. */
  summary: string;
  /** Where the API shows it; null when it does not. */
  href: string | null;
}

/** Looks one thing up, of any tenant; undefined when it is not there, or not any more. */
export type ViewSubject = (tx: EntityManager, id: string) => Promise<SubjectView | undefined>;

/** By kind of thing. Wired in app.module.ts. */
export type SubjectViews = Readonly<Record<ReferenceKind, ViewSubject>>;

export const SUBJECT_VIEWS = Symbol('SUBJECT_VIEWS');
