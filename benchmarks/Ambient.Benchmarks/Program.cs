using System.Globalization;
using Ambient.Benchmarks;
using Ambient.Benchmarks.Control;
using Ambient.Benchmarks.Load;
using Ambient.Benchmarks.Objects;

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, e) =>
{
    e.Cancel = true;
    stop.Cancel();
};

return args switch
{
    ["hold", var target, var count] => await HeldConnections.HoldAsync(target, int.Parse(count, CultureInfo.InvariantCulture), stop.Token),
    ["control", .. var options] => await ControlCommand.RunAsync(options, stop.Token),
    ["objects"] => CachedObjects.Run(20_000),
    ["l4", .. var options] => await L4Command.RunAsync(options, stop.Token),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("usage: ambient-bench l4 [--rounds N] [--seconds N] [--only direct,haproxy,nginx,ztunnel] | control [--sizes 1000,10000] [--proxies N] [--policies N] | objects");
    return 2;
}
