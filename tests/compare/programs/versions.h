#pragma once

int other_file(int n);
