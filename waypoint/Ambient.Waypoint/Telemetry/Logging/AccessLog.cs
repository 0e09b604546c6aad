using System.Text;
using System.Threading.Channels;
using Ambient.Waypoint.Requests;

namespace Ambient.Waypoint.Telemetry.Logging;

/// <summary>
/// One line a request, after its end. Lines are made and written by one task of their own; a reader that does not keep up costs lines
/// (counted), never requests.
/// </summary>
internal sealed class AccessLog : IAsyncDisposable
{
    private const int Capacity = 10_000;

    private readonly Channel<(RequestRecord Record, bool Json)> _lines =
        Channel.CreateBounded<(RequestRecord, bool)>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private readonly TextWriter _output;
    private readonly Task _writer;
    private long _lost;

    /// <param name="output">Not owned; nobody else writes to it.</param>
    internal AccessLog(TextWriter output)
    {
        _output = output;
        _writer = WriteAsync();
    }

    /// <summary>Lines dropped so far.</summary>
    internal long Lost => Volatile.Read(ref _lost);

    /// <param name="record">Must not be changed from now on.</param>
    internal void Write(RequestRecord record, bool json)
    {
        if (!_lines.Writer.TryWrite((record, json)))
        {
            Interlocked.Increment(ref _lost);
        }
    }

    /// <summary>What was taken is written.</summary>
    public async ValueTask DisposeAsync()
    {
        _lines.Writer.TryComplete();
        await _writer;
    }

    private async Task WriteAsync()
    {
        var text = new StringBuilder(1024);
        while (await _lines.Reader.WaitToReadAsync())
        {
            try
            {
                while (_lines.Reader.TryRead(out (RequestRecord Record, bool Json) line))
                {
                    text.Clear();
                    if (line.Json)
                    {
                        text.Append(AccessLogJson.Of(line.Record));
                    }
                    else
                    {
                        AccessLogText.Append(text, line.Record);
                    }

                    await _output.WriteAsync(text.Append('\n'));
                }

                await _output.FlushAsync();
            }
            catch (IOException)
            {
                // Whoever read has gone: the proxy goes on.
                Interlocked.Increment(ref _lost);
            }
        }
    }
}
