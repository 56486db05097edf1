#!/bin/sh
# When should a shop order, and up to how much? Three years simulated with awk: a command in another language.
#
#     sweeper run inventory_shell
#     sh inventory.sh --reorder 30 --order_up_to 90
while [ $# -gt 1 ]; do
    case $1 in
        --reorder) reorder=$2 ;;
        --order_up_to) order_up_to=$2 ;;
    esac
    shift 2
done

awk -v reorder="${reorder:-30}" -v order_up_to="${order_up_to:-90}" -v seed="${SWEEPER_SEED:-1}" '
BEGIN {
    srand(seed)
    stock = order_up_to
    for (day = 1; day <= 1095; day++) {
        if (day == arrives) stock += ordered
        demand = int(rand() * rand() * 40)
        sold = demand < stock ? demand : stock
        stock -= sold
        cost += 0.1 * stock + 2 * (demand - sold)              # storage, and customers who leave
        if (stock <= reorder && arrives <= day) {
            ordered = order_up_to - stock
            arrives = day + 3
            cost += 20                                         # each delivery
        }
        missed += demand - sold
        if (day % 73 == 0) printf "{\"cost\": %.4f, \"missed\": %d, \"step\": %d}\n", cost / day, missed, day
    }
}'
