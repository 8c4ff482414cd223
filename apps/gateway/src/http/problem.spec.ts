import { BadRequestException, NotFoundException } from '@nestjs/common';
import { problems } from '@offload/contracts/http';
import { AppError } from '@offload/platform';
import { toProblem } from './problem.js';

describe(toProblem, () => {
  it('tells an error of the API in its own words', () => {
    const error = new AppError('validation_failed', 'Two fields are wrong.', {
      details: {
        retryAfterS: 3,
        errors: [{ pointer: '/a', code: 'required', detail: 'Missing.' }],
      },
      help: 'Mend them.',
    });

    expect(toProblem(error)).toEqual({
      code: 'validation_failed',
      ...problems.validation_failed,
      detail: 'Two fields are wrong.',
      retryAfterS: 3,
      errors: [{ pointer: '/a', code: 'required', detail: 'Missing.' }],
      help: 'Mend them.',
    });
  });

  it.each([
    new Error('password=secret'),
    new AppError('ingest.import-not-found', 'secret'),
    'secret',
    undefined,
  ])('tells nothing inner of %p', (thrown) => {
    const problem = toProblem(thrown);

    expect(problem).toMatchObject({ code: 'internal_error', status: 500 });
    expect(JSON.stringify(problem)).not.toContain('secret');
  });

  it('names the route that does not exist', () => {
    expect(toProblem(new NotFoundException('Cannot GET /v1/nothing'))).toMatchObject({
      code: 'not_found',
      detail: 'There is no GET /v1/nothing',
    });
  });

  it('blames the request for what Express cannot decode', () => {
    expect(toProblem(new BadRequestException('Failed to decode param'))).toMatchObject({
      code: 'bad_request',
      status: 400,
    });
  });

  it.each(['ECONNREFUSED', '57P01', '08006', '53100', '53300'])(
    'asks to try again on %s',
    (code) => {
      expect(toProblem(Object.assign(new Error('gone'), { code }))).toMatchObject({
        code: 'temporary_reduced_capacity',
        status: 503,
        isRetryable: true,
        retryAfterS: 5,
      });
    },
  );
});
