set -e
tally-cc -O2 -g -D_GNU_SOURCE -DTALLY_DEMO_VERSION='"mine"' -Idemo demo/*/*.c -o mine \
    -pthread $(pkg-config --cflags --libs libpcre2-8 libcrypto jansson)
TALLY_OPTIONS=timing=off:out=new.tally ./mine orders --count 10000 --workers 10 --optimised > new.txt
