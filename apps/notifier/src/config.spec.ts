import { loadConfig } from '@offload/platform';
import { NotifierConfig } from './config.js';

describe('the configuration of the notifier', () => {
  it('needs a database, a broker, a relay and a sender, and nothing else', () => {
    expect(loadConfig('notifier', NotifierConfig, needed)).toMatchObject({
      SMTP_POOL: 8,
      DATABASE_POOL: 24,
      IN_DOUBT: 'retry',
    });
  });

  it('refuses a pool in which e-mails would wait for their second connection', () => {
    const tooSmall = { ...needed, DATABASE_POOL: '15' };

    expect(() => loadConfig('notifier', NotifierConfig, tooSmall)).toThrow('DATABASE_POOL');
  });

  it.each([
    ['SMTP_URL', 'http://mail.example.test'],
    ['MAIL_FROM', 'nobody'],
    ['IN_DOUBT', 'perhaps'],
  ])('refuses %s=%s by name', (name, value) => {
    expect(() => loadConfig('notifier', NotifierConfig, { ...needed, [name]: value })).toThrow(
      name,
    );
  });
});

const needed = {
  DATABASE_URL: 'postgres://offload@127.0.0.1:5432/offload',
  RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:5672/',
  SMTP_URL: 'smtp://127.0.0.1:1025',
  MAIL_FROM: 'Offload <offload@example.test>',
};
