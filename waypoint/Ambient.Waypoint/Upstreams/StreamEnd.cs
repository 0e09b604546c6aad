using System.IO.Pipelines;
using Ambient.Hbone.Connect;
using Ambient.Hbone.Http2.Frames;
using Ambient.Identity.Tls;

namespace Ambient.Waypoint.Upstreams;

/// <summary>
/// Ends a connection as closing a socket would: in order when the other side has nothing more to say, by a reset when it goes on. Nobody
/// waits for it.
/// </summary>
internal static class StreamEnd
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    // What a client that reads its answer late may still have under way: a few windows of a tunnel. Who sends more is cut.
    private const long MaxUnwanted = 16 * 1024 * 1024;

    internal static void Close(HboneStream stream) => _ = CloseAsync(stream, () => stream.Reset(ErrorCode.Cancel));

    internal static void Close(MeshConnection connection) => _ = CloseAsync(connection, connection.Abort);

    /// <summary>
    /// Ends a stream towards a client that has its answer: what it has not read yet stays readable, what it still sends is not wanted.
    /// </summary>
    internal static async ValueTask FinishAsync(HboneStream stream, TimeProvider time)
    {
        try
        {
            await stream.Output.CompleteAsync();
            using var limit = new CancellationTokenSource(s_patience, time);
            for (long unwanted = 0; unwanted <= MaxUnwanted;)
            {
                ReadResult rest = await stream.Input.ReadAsync(limit.Token);
                unwanted += rest.Buffer.Length;
                stream.Input.AdvanceTo(rest.Buffer.End);
                if (rest.IsCompleted)
                {
                    return;
                }
            }

            stream.Reset(ErrorCode.NoError);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            stream.Reset(ErrorCode.NoError);
        }
    }

    private static async Task CloseAsync<T>(T pipes, Action reset)
        where T : class, IDuplexPipe, IAsyncDisposable
    {
        try
        {
            await pipes.Output.CompleteAsync();
            using var limit = new CancellationTokenSource(s_patience, TimeProvider.System);
            ReadResult rest = await pipes.Input.ReadAsync(limit.Token);
            bool ended = rest is { IsCompleted: true, Buffer.IsEmpty: true };
            pipes.Input.AdvanceTo(rest.Buffer.End);
            if (!ended)
            {
                reset();
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or InvalidOperationException)
        {
            reset();
        }

        await pipes.DisposeAsync();
    }
}
