using System.Text;

namespace Ambient.Waypoint.Tests.Lab;

/// <summary>Text over a stream, as a person with a terminal would send it.</summary>
internal static class Raw
{
    internal static ValueTask SendAsync(this Stream stream, string text, CancellationToken ct) => stream.WriteAsync(Encoding.Latin1.GetBytes(text), ct);

    /// <summary>Writes until it is refused, at most so many bytes; returns how many were taken.</summary>
    internal static async Task<long> PourAsync(this Stream stream, byte[] piece, long most)
    {
        long taken = 0;
        try
        {
            while (taken < most)
            {
                using CancellationTokenSource stuck = new(TimeSpan.FromSeconds(5));
                await stream.WriteAsync(piece, stuck.Token);
                taken += piece.Length;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException or InvalidOperationException)
        {
        }

        return taken;
    }

    /// <summary>Reads until the text is there or the other side has ended.</summary>
    internal static async Task<string> ReadUntilAsync(this Stream stream, string text, CancellationToken ct)
    {
        var all = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!all.ToString().Contains(text, StringComparison.Ordinal))
        {
            int n = await stream.ReadAsync(buffer, ct);
            if (n == 0)
            {
                break;
            }

            all.Append(Encoding.Latin1.GetString(buffer, 0, n));
        }

        return all.ToString();
    }

    internal static async Task<string> ReadToEndAsync(this Stream stream, CancellationToken ct)
    {
        using var all = new MemoryStream();
        await stream.CopyToAsync(all, ct);
        return Encoding.Latin1.GetString(all.ToArray());
    }
}
