'use strict';

const assert = require('node:assert/strict');
const { randomInt } = require('node:crypto');

const url = process.env.TOOLSHED_URL;
if (!url) throw new Error('set TOOLSHED_URL (of a running server) to run the tests');

async function send(method, path, body) {
    const response = await fetch(url + path, {
        method,
        headers: body === undefined ? {} : { 'content-type': 'application/json' },
        body: body === undefined ? undefined : JSON.stringify(body)
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text) };
}

const get = (path) => send('GET', path);
const post = (path, body) => send('POST', path, body);
const put = (path, body) => send('PUT', path, body);
const del = (path) => send('DELETE', path);

/** Eight characters: what a run's cards may have. */
const run = String(randomInt(10000)).padStart(4, '0') + String(Date.now() % 1000000);
let counter = 0;

function unique(prefix) {
    counter += 1;
    return prefix + run + '-' + counter;
}

function cardNo() {
    const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
    return 'C' + Array.from({ length: 7 }, () => letters[randomInt(letters.length)]).join('');
}

async function made(path, body) {
    const reply = await post(path, body);
    assert.equal(reply.status, 201, JSON.stringify(reply.body));
    return reply.body.id;
}

const makeMember = (fields) =>
    made('/members', {
        cardNo: cardNo(),
        name: 'Test Member',
        email: unique('m') + '@example.org',
        joinedOn: '2026-01-01',
        ...fields
    });

const makeCategory = (name) => made('/categories', { name: name || unique('category ') });

async function makeTool(fields) {
    const categoryId = (fields && fields.categoryId) || (await makeCategory());
    return made('/tools', { barcode: unique('b'), title: unique('tool '), categoryId, ...fields });
}

const lend = (memberId, toolId, lentOn, days) =>
    post('/loans', { memberId, toolId, lentOn: lentOn || '2026-03-01', days: days || 7 });

const NO_ID = 900000000;

module.exports = {
    send,
    get,
    post,
    put,
    del,
    unique,
    cardNo,
    makeMember,
    makeCategory,
    makeTool,
    lend,
    NO_ID
};
