'use strict';

const fs = require('node:fs');
const path = require('node:path');
const mysql = require('mysql');

const reset = process.argv.includes('--reset');
if (!process.env.DATABASE_URL) {
    console.error('DATABASE_URL must be set, such as mysql://user@127.0.0.1:3306/toolshed');
    process.exit(1);
}

const categories = ['Drills', 'Garden', 'Ladders', 'Saws'].map((name, index) => [index + 1, name]);
const members = [];
for (let n = 1; n <= 15; n += 1) {
    members.push([
        n,
        'T' + String(1000000 + n),
        ['Ada', 'Björn', 'Cleo', 'Dario', 'Émile'][n % 5] + ' ' + n,
        'member' + n + '@example.org',
        '2025-0' + (1 + (n % 9)) + '-01',
        n % 7 === 0 ? 1 : 0
    ]);
}
const tools = [];
for (let n = 1; n <= 24; n += 1) {
    tools.push([
        n,
        'B-' + String(n).padStart(4, '0'),
        ['Hammer drill', 'Hedge trimmer', 'ladder, 3 m', 'Jigsaw'][n % 4] + ' #' + n,
        1 + (n % 4),
        (n % 5) * 0.75,
        n % 11 === 0 ? 'repair' : n <= 5 ? 'out' : 'shelf'
    ]);
}
const loans = [];
for (let n = 1; n <= 20; n += 1) {
    // The first five are open, and two of them late.
    const returned = n > 5;
    loans.push([
        n,
        1 + (n % 6),
        n <= 5 ? n : 6 + (n % 4),
        '2026-01-' + String(n).padStart(2, '0'),
        n <= 2 ? '2026-01-10' : '2026-02-' + String(n).padStart(2, '0'),
        returned ? '2026-02-01' : null,
        returned ? (n % 4) * 1.25 : null
    ]);
}
const reservations = [
    [1, 8],
    [1, 9],
    [3, 10]
];

const target = new URL(process.env.DATABASE_URL);
const database = decodeURIComponent(target.pathname.slice(1));
const connection = mysql.createConnection({
    host: target.hostname,
    port: Number(target.port || 3306),
    user: decodeURIComponent(target.username),
    password: decodeURIComponent(target.password),
    multipleStatements: true
});

function file(name) {
    return fs.readFileSync(path.join(__dirname, name), 'utf8');
}

const steps = [];
if (reset) steps.push([mysql.format('CREATE DATABASE IF NOT EXISTS ??', [database])]);
steps.push([mysql.format('USE ??', [database])]);
if (reset) steps.push([file('schema.sql')], [file('procedures.sql')]);
steps.push(
    ['INSERT INTO categories (id, name) VALUES ?', [categories]],
    ['INSERT INTO members (id, card_no, name, email, joined_on, blocked) VALUES ?', [members]],
    ['INSERT INTO tools (id, barcode, title, category_id, daily_fee, state) VALUES ?', [tools]],
    [
        'INSERT INTO loans (id, member_id, tool_id, lent_on, due_on, returned_on, fee) VALUES ?',
        [loans]
    ],
    ['INSERT INTO reservations (tool_id, member_id) VALUES ?', [reservations]]
);

(function next() {
    const step = steps.shift();
    if (step === undefined) {
        console.log(
            'seeded %d members, %d tools, %d loans',
            members.length,
            tools.length,
            loans.length
        );
        connection.end();
        return;
    }
    connection.query(step[0], step[1], function (err) {
        if (err) {
            console.error(err.sqlMessage || err.message);
            process.exit(1);
        }
        next();
    });
})();
