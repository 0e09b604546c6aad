using System.Globalization;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;

namespace Ambient.Kube.Emulator.Watching;

/// <summary>Opens watches: counted, bounded in time and in what they may fall behind.</summary>
internal sealed class WatchEndpoint(ResourceStore store, EmulatorOptions options)
{
    private const int MaxTimeoutSeconds = 3600;
    private int open;

    public async Task HandleAsync(ApiRequest request)
    {
        if (Interlocked.Increment(ref open) > options.MaxWatches)
        {
            Interlocked.Decrement(ref open);
            throw ApiErrors.TooManyRequests("too many watches are open, please try again later");
        }

        try
        {
            await RunAsync(request);
        }
        finally
        {
            Interlocked.Decrement(ref open);
        }
    }

    private async Task RunAsync(ApiRequest request)
    {
        string? version = request.Query("resourceVersion");
        bool initial = request.QueryFlag("sendInitialEvents");
        if (initial && request.Query("resourceVersionMatch") != "NotOlderThan")
        {
            throw ApiErrors.Invalid(request.Type, "", [FieldError.Forbidden("resourceVersionMatch", "sendInitialEvents requires setting resourceVersionMatch to NotOlderThan")]);
        }

        if (version is { Length: > 0 } && !long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            throw ApiErrors.BadRequest($"Invalid value: \"{version}\": strconv.ParseUint: parsing \"{version}\": invalid syntax");
        }

        var filter = new WatchFilter(request);
        var output = new WatchOutput(request, options.Time);
        long seconds = Math.Clamp(request.QueryNumber("timeoutSeconds") ?? 1800, 1, MaxTimeoutSeconds);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), options.Time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, request.Aborted);
        using var session = new WatchSession(store, filter, output, options);
        long from = version is { Length: > 0 } ? long.Parse(version, CultureInfo.InvariantCulture) : 0;
        if (initial || from == 0)
        {
            session.StartWithState();
        }
        else
        {
            session.StartFrom(from);
        }

        try
        {
            await session.RunAsync(request.QueryFlag("allowWatchBookmarks"), initial, stop.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !request.Aborted.IsCancellationRequested)
        {
            // A watch that has run its time ends like any other response.
        }
    }
}
