'use strict';

const assert = require('node:assert/strict');
const {
    get,
    post,
    put,
    del,
    unique,
    cardNo,
    makeMember,
    makeTool,
    lend,
    NO_ID
} = require('./client');

const member = (fields) => ({
    cardNo: cardNo(),
    name: 'Ada',
    email: unique('ada') + '@example.org',
    joinedOn: '2026-02-28',
    ...fields
});

describe('members', function () {
    it('the server is healthy, and an unknown route is told so', async function () {
        assert.deepEqual(await get('/health'), { status: 200, body: { status: 'ok' } });
        assert.deepEqual(await get('/nothing'), { status: 404, body: { error: 'no such route' } });
    });

    it('a new member has no loans and is not blocked', async function () {
        const body = member();
        const reply = await post('/members', body);
        assert.equal(reply.status, 201);
        const { id, ...rest } = reply.body;
        assert.deepEqual(rest, { ...body, blocked: false, openLoans: 0 });
        assert.deepEqual((await get('/members/' + id)).body, reply.body);
    });

    it('a card is given once, and the answer says which', async function () {
        const taken = cardNo();
        await makeMember({ cardNo: taken });
        assert.deepEqual(await post('/members', member({ cardNo: taken.toLowerCase() })), {
            status: 409,
            body: {
                error:
                    "Duplicate entry '" + taken.toLowerCase() + "' for key 'members.members_card'",
                code: 'ER_DUP_ENTRY'
            }
        });
    });

    it('an address belongs to one member, whatever its case', async function () {
        const body = member();
        await post('/members', body);
        const reply = await post('/members', member({ email: body.email.toUpperCase() }));
        assert.equal(reply.status, 409);
        assert.match(reply.body.error, /for key 'members\.members_email'$/);
    });

    it('what is wrong or missing is named', async function () {
        for (const [field, value] of [
            ['cardNo', undefined],
            ['name', ' '],
            ['email', 7],
            ['joinedOn', '2026-02-30']
        ]) {
            assert.deepEqual(await post('/members', member({ [field]: value })), {
                status: 400,
                body: { error: 'wrong or missing: ' + field }
            });
        }
    });

    it('what is too long for the database is told in its words', async function () {
        assert.deepEqual(await post('/members', member({ name: 'x'.repeat(81) })), {
            status: 422,
            body: { error: "Data too long for column 'name' at row 1", code: 'ER_DATA_TOO_LONG' }
        });
    });

    it('a member is changed, or stays the same', async function () {
        const id = await makeMember();
        const change = { name: 'Grace', email: unique('grace') + '@example.org', blocked: true };
        for (let time = 0; time < 2; time += 1) {
            const reply = await put('/members/' + id, change);
            assert.equal(reply.status, 200);
            assert.equal(reply.body.name, 'Grace');
            assert.equal(reply.body.blocked, true);
        }
        assert.equal((await put('/members/' + NO_ID, change)).status, 404);
        assert.equal((await put('/members/' + id, { name: 'Grace' })).status, 400);
    });

    it("another member's address is not taken over", async function () {
        const email = unique('kept') + '@example.org';
        await makeMember({ email });
        const id = await makeMember();
        const reply = await put('/members/' + id, { name: 'x', email, blocked: false });
        assert.deepEqual(reply, {
            status: 409,
            body: {
                error: "Duplicate entry '" + email + "' for key 'members.members_email'",
                code: 'ER_DUP_ENTRY'
            }
        });
        assert.equal((await get('/members/' + id)).body.name, 'Test Member');
    });

    it('a member leaves, and the reservations go too', async function () {
        const id = await makeMember();
        const tool = await makeTool();
        await post('/tools/' + tool + '/reservations', { memberId: id });
        assert.equal((await del('/members/' + id)).status, 204);
        assert.equal((await get('/members/' + id)).status, 404);
        assert.equal((await del('/members/' + id)).status, 404);
        assert.deepEqual((await get('/tools/' + tool)).body.queue, []);
    });

    it('who ever borrowed something can not leave, and the answer names the rule', async function () {
        const id = await makeMember();
        await lend(id, await makeTool());
        const reply = await del('/members/' + id);
        assert.equal(reply.status, 409);
        assert.equal(reply.body.code, 'ER_ROW_IS_REFERENCED_2');
        assert.match(
            reply.body.error,
            /^Cannot delete or update a parent row: a foreign key constraint fails \(.*CONSTRAINT `loans_member` FOREIGN KEY/
        );
        assert.equal((await get('/members/' + id)).body.openLoans, 1);
    });
});

describe('statements', function () {
    it('they list the loans of a period, and what they cost', async function () {
        const id = await makeMember();
        const tool = await makeTool({ title: 'Statement saw', dailyFee: 1.5 });
        const first = (await lend(id, tool, '2026-03-30')).body.id;
        await post('/loans/' + first + '/return', { returnedOn: '2026-04-02' });
        await lend(id, tool, '2026-04-05');
        const reply = await get('/members/' + id + '/statement?from=2026-03-01&to=2026-04-04');
        assert.equal(reply.status, 200);
        assert.deepEqual(reply.body, {
            loans: [
                {
                    id: first,
                    title: 'Statement saw',
                    lentOn: '2026-03-30',
                    returnedOn: '2026-04-02',
                    fee: 4.5
                }
            ],
            fees: 4.5,
            charges: 0
        });
    });

    it('they need a member and a period', async function () {
        const period = '/statement?from=2026-01-01&to=2026-12-31';
        assert.equal((await get('/members/' + NO_ID + period)).status, 404);
        assert.deepEqual((await get('/members/' + (await makeMember()) + period)).body, {
            loans: [],
            fees: 0,
            charges: 0
        });
        assert.equal((await get('/members/1/statement?from=2026-01-01')).status, 400);
    });

    it('late loans are charged once a day, twice the daily fee, one at least', async function () {
        const id = await makeMember();
        const cheap = await makeTool({ dailyFee: 0.25 });
        const dear = await makeTool({ dailyFee: 3 });
        await lend(id, cheap, '2026-05-01', 1);
        await lend(id, dear, '2026-05-01', 2);
        const charges = async () =>
            (await get('/members/' + id + '/statement?from=2026-05-01&to=2026-05-31')).body.charges;
        const charge = async (day) => {
            const reply = await post('/charges', { day });
            assert.equal(reply.status, 201);
            return reply.body.charged;
        };
        await charge('2026-05-02');
        assert.equal(await charges(), 0);
        assert.ok((await charge('2026-05-03')) >= 1);
        assert.equal(await charges(), 1);
        await charge('2026-05-04');
        assert.equal(await charges(), 8);
        assert.equal(await charge('2026-05-04'), 0);
        assert.equal(await charges(), 8);
        assert.equal((await post('/charges', { day: 'today' })).status, 400);
    });
});
