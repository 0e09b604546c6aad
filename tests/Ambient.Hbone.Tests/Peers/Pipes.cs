using System.Buffers;
using System.IO.Pipelines;

namespace Ambient.Hbone.Tests.Peers;

internal static class Pipes
{
    public static async Task EchoAsync(IDuplexPipe pipe)
    {
        while (true)
        {
            ReadResult result = await pipe.Input.ReadAsync();
            foreach (ReadOnlyMemory<byte> piece in result.Buffer)
            {
                await pipe.Output.WriteAsync(piece);
            }

            pipe.Input.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                await pipe.Output.CompleteAsync();
                return;
            }
        }
    }

    public static async Task<byte[]> ReadAllAsync(PipeReader reader, CancellationToken ct)
    {
        using MemoryStream all = new();
        while (true)
        {
            ReadResult result = await reader.ReadAsync(ct);
            foreach (ReadOnlyMemory<byte> piece in result.Buffer)
            {
                all.Write(piece.Span);
            }

            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return all.ToArray();
            }
        }
    }

    public static async Task<byte[]> ReadAsync(PipeReader reader, int bytes, CancellationToken ct)
    {
        ReadResult result = await reader.ReadAtLeastAsync(bytes, ct);
        byte[] read = result.Buffer.Slice(0, Math.Min(bytes, result.Buffer.Length)).ToArray();
        reader.AdvanceTo(result.Buffer.GetPosition(read.Length));
        return read;
    }

    public static bool Same(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);

    public static byte[] Bytes(int length, int seed = 1)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
