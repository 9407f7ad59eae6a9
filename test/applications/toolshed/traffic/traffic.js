'use strict';

const { parseArgs } = require('node:util');

const { values: options } = parseArgs({
    options: {
        url: { type: 'string', default: 'http://127.0.0.1:3000' },
        requests: { type: 'string', default: '300' },
        seed: { type: 'string', default: '7' }
    }
});

/** A linear congruence, its high bits: the same seed gives the same visitors. */
let state = Number(options.seed);
function random(below) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % below;
}
function pick(items) {
    return items[random(items.length)];
}

const counts = new Map();
let sent = 0;

async function send(method, path, body) {
    sent += 1;
    const response = await fetch(options.url + path, {
        method,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body)
    });
    const text = await response.text();
    const route = path.replace(/\?.*/, '').replace(/\/\d+/g, '/:id');
    const key = (method + ' ' + route).padEnd(36) + ' ' + response.status;
    counts.set(key, (counts.get(key) || 0) + 1);
    if (response.status >= 500) process.exitCode = 1;
    return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

const members = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const tools = [3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const loans = [3, 4, 5];
const categories = [1, 2, 3, 4];
let number = 0;
/** Days go by as the traffic does. */
function today() {
    return new Date(Date.UTC(2026, 2, 1) + sent * 6 * 3600 * 1000).toJSON().slice(0, 10);
}

async function make(path, list, body) {
    number += 1;
    const reply = await send('POST', path, body(number));
    if (reply.status === 201) list.push(reply.body.id);
}

/** Each action as often as it stands here. */
const actions = [
    () =>
        make('/members', members, (n) => ({
            cardNo: 'V' + (1000000 + n),
            name: pick(['Noor', 'Óscar', 'x'.repeat(90)]),
            email: 'visitor' + pick([n, n, 1]) + '@example.org',
            joinedOn: today()
        })),
    () => send('GET', '/members/' + pick(members)),
    () =>
        send('PUT', '/members/' + pick(members), {
            name: 'Changed ' + random(9),
            email: 'member' + random(20) + '@example.org',
            blocked: random(6) === 0
        }),
    () => send('DELETE', '/members/' + pick(members.slice(-4).concat(99))),
    () => send('GET', '/members/' + pick(members) + '/statement?from=2026-01-01&to=' + today()),
    () =>
        make('/categories', categories, (n) => ({ name: pick(['Class ' + n, 'drills', 'Sâws']) })),
    () => send('GET', '/categories'),
    () => send('DELETE', '/categories/' + pick(categories.slice(-2))),
    () =>
        make('/tools', tools, (n) => ({
            barcode: 'V-' + pick([n, n, 1]),
            title: 'Tool ' + random(30),
            categoryId: pick(categories),
            dailyFee: pick([0.1, 0.33, 2, 1.005])
        })),
    () =>
        send(
            'GET',
            '/tools?' +
                pick([
                    'category=DRILLS',
                    'state=shelf',
                    'state=out&sort=fee',
                    'title=tool%201',
                    'title=%25'
                ])
        ),
    () => send('GET', '/tools/' + pick(tools)),
    () => send('POST', '/tools/' + pick(tools) + '/reservations', { memberId: pick(members) }),
    () => send('POST', '/tools/' + pick([3, 4]) + '/reservations', { memberId: pick([1, 2]) }),
    () => send('DELETE', '/tools/' + pick([3, 4]) + '/reservations/' + pick([1, 2])),
    ...Array(4).fill(() =>
        make('/loans', loans, () => ({
            memberId: pick(members),
            toolId: pick(tools),
            lentOn: today(),
            days: 1 + random(14)
        }))
    ),
    ...Array(2).fill(() =>
        send('POST', '/loans/' + pick(loans) + '/return', { returnedOn: today() })
    ),
    () => send('GET', '/loans?memberId=' + pick(members)),
    () => send('GET', '/loans?open=' + pick(['yes', 'no']) + '&memberId=' + pick(members)),
    () => send('GET', '/loans?overdueOn=' + today()),
    () => send('POST', '/charges', { day: today() })
];

async function main() {
    while (sent < Number(options.requests)) await pick(actions)();
    Array.from(counts)
        .sort()
        .forEach(([key, count]) => console.log(key + ' × ' + count));
    console.log(sent + ' requests');
}

main();
