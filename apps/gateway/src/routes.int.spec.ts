import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { routes } from '@offload/contracts/http';
import { gatewayHarness } from '../test/gateway-harness.js';
import { accessOf } from './access/access.guard.js';

describe('the routes', () => {
  const { app, as } = gatewayHarness();

  it('are those of the contract, all of them and no others, each with its scope', () => {
    const promised = routes.map(({ method, path, scope }) => `${method} ${path} ${scope}`);

    expect(servedRoutes().toSorted()).toEqual(promised.toSorted());
  });

  it('are all in the document, which is served with its page', async () => {
    const { body } = await as(null).get('/v1/openapi.json').expect(200);
    const { text } = await as(null).get('/v1/docs').expect(200);

    const documented = Object.entries(body.paths as Record<string, object>).flatMap(
      ([path, operations]) => Object.keys(operations).map((method) => `${method} ${path}`),
    );
    expect(documented.toSorted()).toEqual(
      routes.map(({ method, path }) => `${method} ${path}`).toSorted(),
    );
    expect(text).toContain('Offload API');
  });

  const servedRoutes = (): string[] =>
    [...app().get(ModulesContainer).values()]
      .flatMap((module) => [...module.controllers.values()])
      .flatMap(({ metatype }) => (typeof metatype === 'function' ? routesOf(metatype) : []))
      // For Prometheus, which finds out by itself what is there; it is not part of the API.
      .filter((route) => !route.startsWith('get /metrics '));
});

function routesOf(controller: object & { prototype?: object }): string[] {
  const prototype = controller.prototype ?? {};
  const prefix = String(Reflect.getMetadata(PATH_METADATA, controller) ?? '');
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler: object = (prototype as Record<string, object>)[name] ?? {};
    const path: unknown = Reflect.getMetadata(PATH_METADATA, handler);
    if (typeof path !== 'string') return [];
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod];
    const full = `/${prefix}/${path}`
      .replaceAll(/\/+/g, '/')
      .replace(/\/$/, '')
      .replaceAll(/:(\w+)/g, '{$1}');
    // The guard knows the health checks by their path: they are not ours to mark.
    const scope = full.startsWith('/health/') ? 'public' : accessOf(handler, controller);
    return [`${method.toLowerCase()} ${full} ${scope}`];
  });
}
