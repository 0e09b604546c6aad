using Microsoft.Extensions.Logging;

namespace Ambient.Discovery.Subscribing;

/// <summary>
/// Follows a control plane for as long as the process lives. While it is away the last state stays; on return only the differences come,
/// and what has gone meanwhile is removed. Runs as one task, which alone calls the sink.
/// </summary>
public sealed partial class DiscoveryClient
{
    private readonly DiscoveryClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly FollowedState _state;
    private volatile bool _connected;

    public DiscoveryClient(DiscoveryClientOptions options, IMeshUpdateSink sink, TimeProvider time, ILogger<DiscoveryClient> logger)
    {
        _options = options;
        _time = time;
        _logger = logger;
        _state = new FollowedState(options, sink);
    }

    /// <summary>True from the first response of a stream until that stream ends.</summary>
    public bool Connected => _connected;

    public DiscoveryCounters Counters { get; } = new();

    /// <summary>Ends when the token says so, without an exception.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var delay = new ReconnectDelay(_options.FirstBackOff, _options.MaxBackOff);
        while (!ct.IsCancellationRequested)
        {
            await RunOnceAsync(delay, ct);
            try
            {
                await Task.Delay(delay.Next(Random.Shared.NextDouble()), _time, ct);
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
        }
    }

    private async Task RunOnceAsync(ReconnectDelay delay, CancellationToken ct)
    {
        try
        {
            await new DiscoverySession(_options, _state).RunAsync(
                response =>
                {
                    Counters.Received(response.TypeUrl, response.CalculateSize());
                    if (!_connected)
                    {
                        _connected = true;
                        delay.Reset();
                        Log.Connected(_logger, _options.Address);
                    }
                },
                ct);
            Counters.Ended(StreamEnd.Complete);
            Log.Ended(_logger, _options.Address);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The end that was asked for.
        }
        catch (Exception cause)
        {
            // Whatever it was, a proxy goes on with what it has and tries again.
            Counters.Ended(StreamEnd.Of(cause, _connected));
            Log.Lost(_logger, _options.Address, cause.Message, cause);
        }
        finally
        {
            _connected = false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "following the control plane at {Address}", EventName = "Connected")]
        public static partial void Connected(ILogger logger, Uri address);

        [LoggerMessage(2, LogLevel.Information, "the control plane at {Address} ended the stream", EventName = "Ended")]
        public static partial void Ended(ILogger logger, Uri address);

        [LoggerMessage(3, LogLevel.Warning, "the control plane at {Address} is away: {Reason}", EventName = "Lost")]
        public static partial void Lost(ILogger logger, Uri address, string reason, Exception cause);
    }
}
