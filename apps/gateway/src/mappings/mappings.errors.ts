import { AppError } from '@offload/platform';

/** Another mapping of the tenant has this name. */
export class NameTaken extends AppError {
  constructor(name: string) {
    super('name_taken', `There is a mapping called “${name}” already.`, {
      help: 'Choose another name, or change that one with PATCH /v1/mappings/{id}.',
    });
  }
}
