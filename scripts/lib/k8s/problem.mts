import { type KubernetesObject, originOf, titleOf } from './object.mts';

/** Something in the manifests that would fail in a cluster, with its place and what to do about it. */
export interface Problem {
  /** The file that the object comes from, where kustomize says so. */
  file?: string | undefined;
  /** As in `Deployment gateway`. */
  object: string;
  /** The path of the field, as `kubectl explain` writes it. */
  field: string;
  /** What is wrong and what to do, in one or two sentences. */
  message: string;
}

export function problem(object: KubernetesObject, field: string, message: string): Problem {
  return { file: originOf(object), object: titleOf(object), field, message };
}

/** One line for people: where, what, and the remedy. */
export function describeProblem({ file, object, field, message }: Problem): string {
  return `${[file, object, field].filter(Boolean).join(' · ')}: ${message}`;
}
