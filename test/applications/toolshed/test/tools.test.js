'use strict';

const assert = require('node:assert/strict');
const {
    get,
    post,
    del,
    unique,
    makeMember,
    makeCategory,
    makeTool,
    lend,
    NO_ID
} = require('./client');

describe('categories', function () {
    it('they count their tools, and those on the shelf', async function () {
        const name = unique('Counted ');
        const categoryId = await makeCategory(name);
        const own = async () =>
            (await get('/categories')).body.categories.find((each) => each.id === categoryId);
        assert.deepEqual(await own(), { id: categoryId, name, tools: 0, onShelf: 0 });
        const tool = await makeTool({ categoryId });
        await makeTool({ categoryId });
        await lend(await makeMember(), tool);
        assert.deepEqual(await own(), { id: categoryId, name, tools: 2, onShelf: 1 });
    });

    it('they are listed by name', async function () {
        const names = [unique('b '), unique('A '), unique('c ')];
        for (const name of names) await makeCategory(name);
        const listed = (await get('/categories')).body.categories.map(({ name }) => name);
        assert.deepEqual(
            listed.filter((name) => names.includes(name)),
            [names[1], names[0], names[2]]
        );
    });

    it('a name is given once, case and accents aside', async function () {
        const name = unique('Cafe ');
        await makeCategory(name);
        assert.deepEqual(await post('/categories', { name: name.replace('e', 'É') }), {
            status: 409,
            body: {
                error:
                    "Duplicate entry '" +
                    name.replace('e', 'É') +
                    "' for key 'categories.categories_name'",
                code: 'ER_DUP_ENTRY'
            }
        });
    });

    it('an empty one goes, one with tools stays', async function () {
        const empty = await makeCategory();
        assert.equal((await del('/categories/' + empty)).status, 204);
        assert.equal((await del('/categories/' + empty)).status, 404);
        const used = await makeCategory();
        await makeTool({ categoryId: used });
        const reply = await del('/categories/' + used);
        assert.equal(reply.status, 409);
        assert.match(reply.body.error, /CONSTRAINT `tools_category`/);
    });
});

describe('tools', function () {
    it('a new tool is on the shelf', async function () {
        const category = unique('Saws ');
        const categoryId = await makeCategory(category);
        const barcode = unique('b');
        const reply = await post('/tools', {
            barcode,
            title: 'Jigsaw',
            categoryId,
            dailyFee: 2.75
        });
        assert.equal(reply.status, 201);
        const { id, ...rest } = reply.body;
        assert.deepEqual(rest, {
            barcode,
            title: 'Jigsaw',
            category,
            dailyFee: 2.75,
            state: 'shelf'
        });
        assert.deepEqual((await get('/tools/' + id)).body, {
            ...reply.body,
            notes: null,
            dueOn: null,
            lentTo: null,
            queue: []
        });
    });

    it('a barcode is given once', async function () {
        const barcode = unique('b');
        const categoryId = await makeCategory();
        await makeTool({ barcode, categoryId });
        const reply = await post('/tools', { barcode, title: 'x', categoryId });
        assert.equal(reply.status, 409);
        assert.equal(
            reply.body.error,
            "Duplicate entry '" + barcode + "' for key 'tools.tools_barcode'"
        );
    });

    it('a category that is not there is refused in the words of the database', async function () {
        const reply = await post('/tools', { barcode: unique('b'), title: 'x', categoryId: 65000 });
        assert.equal(reply.status, 422);
        assert.equal(reply.body.code, 'ER_NO_REFERENCED_ROW_2');
        assert.match(
            reply.body.error,
            /^Cannot add or update a child row: a foreign key constraint fails \(.*CONSTRAINT `tools_category`/
        );
    });

    it('a fee that is too high is refused, one with a third decimal rounded', async function () {
        const categoryId = await makeCategory();
        const reply = await post('/tools', {
            barcode: unique('b'),
            title: 'x',
            categoryId,
            dailyFee: 10000
        });
        assert.deepEqual(reply, {
            status: 422,
            body: {
                error: "Out of range value for column 'daily_fee' at row 1",
                code: 'ER_WARN_DATA_OUT_OF_RANGE'
            }
        });
        const rounded = await makeTool({ dailyFee: 1.125 });
        assert.equal((await get('/tools/' + rounded)).body.dailyFee, 1.13);
    });

    it('they are found by category, state and the start of the title', async function () {
        const category = unique('Found ');
        const categoryId = await makeCategory(category);
        const saw = await makeTool({ categoryId, title: 'Saw 100%', dailyFee: 2 });
        const drill = await makeTool({ categoryId, title: 'drill', dailyFee: 1 });
        const out = await makeTool({ categoryId, title: 'Saw, long', dailyFee: 1 });
        await lend(await makeMember(), out);
        const list = async (query) => {
            const path = '/tools?category=' + encodeURIComponent(category.toUpperCase()) + query;
            return (await get(path)).body.tools.map(({ id }) => id);
        };
        assert.deepEqual(await list(''), [drill, saw, out]);
        assert.deepEqual(await list('&sort=fee'), [drill, out, saw]);
        assert.deepEqual(await list('&state=shelf'), [drill, saw]);
        assert.deepEqual(await list('&title=saw'), [saw, out]);
        assert.deepEqual(await list('&title=saw%20100%25'), [saw]);
        assert.deepEqual(await list('&title=%25'), []);
    });

    it('a lent tool tells who has it until when', async function () {
        const id = await makeTool();
        await lend(await makeMember({ name: 'Holder' }), id, '2026-02-27', 3);
        const { body } = await get('/tools/' + id);
        assert.deepEqual([body.state, body.lentTo, body.dueOn], ['out', 'Holder', '2026-03-02']);
        assert.equal((await get('/tools/' + NO_ID)).status, 404);
        assert.equal((await get('/tools/x')).status, 400);
    });
});

describe('reservations', function () {
    it('a queue is in order, and each member is in it once', async function () {
        const tool = await makeTool();
        const path = '/tools/' + tool + '/reservations';
        const [a, b] = [await makeMember({ name: 'A' }), await makeMember({ name: 'B' })];
        assert.deepEqual((await post(path, { memberId: b })).body, { place: 1 });
        assert.deepEqual((await post(path, { memberId: a })).body, { place: 2 });
        assert.deepEqual(await post(path, { memberId: b }), {
            status: 409,
            body: {
                error:
                    "Duplicate entry '" +
                    tool +
                    '-' +
                    b +
                    "' for key 'reservations.reservations_once'",
                code: 'ER_DUP_ENTRY'
            }
        });
        assert.deepEqual((await get('/tools/' + tool)).body.queue, [
            { id: b, name: 'B' },
            { id: a, name: 'A' }
        ]);
    });

    it('a tool or member that is not there is named by the rule', async function () {
        const tool = await makeTool();
        const member = await makeMember();
        const noTool = await post('/tools/' + NO_ID + '/reservations', { memberId: member });
        assert.deepEqual(
            [noTool.status, /`reservations_tool`/.test(noTool.body.error)],
            [422, true]
        );
        const noMember = await post('/tools/' + tool + '/reservations', { memberId: NO_ID });
        assert.deepEqual(
            [noMember.status, /`reservations_member`/.test(noMember.body.error)],
            [422, true]
        );
        assert.equal((await post('/tools/' + tool + '/reservations', {})).status, 400);
    });

    it('a reservation is taken back once', async function () {
        const tool = await makeTool();
        const member = await makeMember();
        await post('/tools/' + tool + '/reservations', { memberId: member });
        const path = '/tools/' + tool + '/reservations/' + member;
        assert.equal((await del(path)).status, 204);
        assert.deepEqual(await del(path), { status: 404, body: { error: 'no such reservation' } });
    });
});
