using System.Threading.Channels;
using Ambient.Ztunnel.Connections;

namespace Ambient.Ztunnel.Telemetry;

/// <summary>
/// One line a connection at its end, to standard output. Lines are made and written by one task of their own; a reader that does not
/// keep up costs lines (counted), never the data path.
/// </summary>
internal sealed class AccessLog : IAsyncDisposable
{
    private const int Capacity = 10_000;

    private readonly Channel<(TrackedConnection Connection, TimeSpan Duration)> _lines =
        Channel.CreateBounded<(TrackedConnection, TimeSpan)>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private readonly bool _json;
    private readonly TextWriter _output;
    private readonly TimeProvider _time;
    private readonly NodeCounters _counters;
    private readonly Task _writer;

    internal AccessLog(bool json, TextWriter output, TimeProvider time, NodeCounters counters)
    {
        _json = json;
        _output = output;
        _time = time;
        _counters = counters;
        _writer = WriteAsync();
    }

    internal void Write(TrackedConnection connection, TimeSpan duration)
    {
        if (!_lines.Writer.TryWrite((connection, duration)))
        {
            _counters.LogLost();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writer;
    }

    private async Task WriteAsync()
    {
        await foreach ((TrackedConnection c, TimeSpan duration) in _lines.Reader.ReadAllAsync())
        {
            DateTimeOffset now = _time.GetUtcNow();
            await _output.WriteLineAsync(_json ? AccessLogLine.Json(c, duration, now) : AccessLogLine.Text(c, duration, now));
            if (_lines.Reader.Count == 0)
            {
                await _output.FlushAsync();
            }
        }
    }
}
