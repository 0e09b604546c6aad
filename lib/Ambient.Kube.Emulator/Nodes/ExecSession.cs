using System.IO.Pipelines;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Nodes;

/// <summary>
/// One exec: binary messages whose first byte is the channel: 0 stdin, 1 stdout, 2 stderr, 3 the final Status, 4 terminal size,
/// 255 (v5) closes the channel named by the second byte.
/// </summary>
internal sealed class ExecSession(WebSocket socket, ExecRequest request, ExecChannels channels, TimeProvider time) : IDisposable
{
    private const byte Close = 255;
    private static readonly TimeSpan LastWord = TimeSpan.FromSeconds(5);
    private const int MaxMessage = 64 * 1024;
    private readonly Pipe input = new(new PipeOptions(pauseWriterThreshold: 256 * 1024, resumeWriterThreshold: 128 * 1024));
    private readonly Channel<TerminalSize> resizes = Channel.CreateBounded<TerminalSize>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly SemaphoreSlim writing = new(1, 1);

    public async Task RunAsync(INodeAgent agent, CancellationToken aborted)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        Task reading = ReadAsync(stop);
        var streams = new ExecStreams
        {
            Input = channels.Input ? input.Reader.AsStream() : null,
            Output = channels.Output ? new ChannelStream(socket, writing, 1) : null,
            Error = channels.Error && !request.Tty ? new ChannelStream(socket, writing, 2) : null,
            Resizes = resizes.Reader,
        };
        try
        {
            JsonObject status = await OutcomeAsync(agent, streams, stop.Token);
            await using var channel = new ChannelStream(socket, writing, 3);
            await channel.WriteAsync(JsonText.Bytes(status), stop.Token);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, stop.Token);

            // Closing the connection with the caller's last bytes unread would reset it and lose what is still on its way out.
            await reading.WaitAsync(LastWord, time, aborted);
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException or TimeoutException)
        {
            // The caller has gone: nobody is left to tell.
        }
        finally
        {
            await stop.CancelAsync();
            await reading;
        }
    }

    public void Dispose() => writing.Dispose();

    private async Task<JsonObject> OutcomeAsync(INodeAgent agent, ExecStreams streams, CancellationToken ct)
    {
        try
        {
            return Status(await agent.ExecAsync(request, streams, ct));
        }
        catch (NodeRequestException e)
        {
            return new ApiException(500, "InternalError", e.Message).ToStatus();
        }
    }

    /// <summary>The exit code travels as a cause of reason ExitCode, which kubectl makes its own.</summary>
    private static JsonObject Status(int exitCode) => exitCode == 0
        ? new JsonObject { ["metadata"] = new JsonObject(), ["status"] = "Success" }
        : new JsonObject
        {
            ["metadata"] = new JsonObject(),
            ["status"] = "Failure",
            ["message"] = $"command terminated with non-zero exit code: command terminated with exit code {exitCode}",
            ["reason"] = "NonZeroExitCode",
            ["details"] = new JsonObject
            {
                ["causes"] = new JsonArray(new JsonObject { ["reason"] = "ExitCode", ["message"] = exitCode.ToString(System.Globalization.CultureInfo.InvariantCulture) }),
            },
        };

    private async Task ReadAsync(CancellationTokenSource stop)
    {
        var buffer = new byte[MaxMessage];
        try
        {
            while (true)
            {
                int length = 0;
                ValueWebSocketReceiveResult part;
                do
                {
                    part = await socket.ReceiveAsync(buffer.AsMemory(length), stop.Token);
                    length += part.Count;
                }
                while (!part.EndOfMessage && length < buffer.Length && part.MessageType != WebSocketMessageType.Close);

                if (part.MessageType == WebSocketMessageType.Close)
                {
                    break;
                }

                await TakeAsync(buffer.AsMemory(0, length), part.EndOfMessage, stop.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or WebSocketException or IOException)
        {
            // Ended below.
        }

        await input.Writer.CompleteAsync();
        resizes.Writer.TryComplete();
        if (!stop.IsCancellationRequested)
        {
            // The caller hung up: the command is not wanted any more.
            await stop.CancelAsync();
        }
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> message, bool whole, CancellationToken ct)
    {
        if (!whole)
        {
            throw new WebSocketException("a message is longer than an exec channel allows");
        }

        switch (message.Length == 0 ? -1 : message.Span[0])
        {
            case 0 when message.Length > 1:
                await input.Writer.WriteAsync(message[1..], ct);
                break;
            case 4:
                Resize(message.Span[1..]);
                break;
            case Close when message.Length > 1 && message.Span[1] == 0:
                await input.Writer.CompleteAsync();
                break;
        }
    }

    private void Resize(ReadOnlySpan<byte> json)
    {
        try
        {
            JsonNode? size = JsonText.Parse(json);
            resizes.Writer.TryWrite(new TerminalSize((ushort)(size.Number("Width") ?? 0), (ushort)(size.Number("Height") ?? 0)));
        }
        catch (JsonException)
        {
            // A size that cannot be read is no reason to end the session.
        }
    }
}
