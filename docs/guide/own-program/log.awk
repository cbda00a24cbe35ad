# A log of a web server, always the same: 100 000 lines by some ten thousand clients.
BEGIN {
    for (i = 0; i < 100000; i++) {
        n = (i * 7919) % (i % 20011 + 1)
        printf "10.%d.%d.%d - - [22/Nov/2026:06:25:%02d +0000] \"GET /page/%d HTTP/1.1\" 200 %d\n",
            n % 5, int(n / 5) % 64, int(n / 320) + 100, i % 60, i % 97, 1000 + i % 5000
    }
}
