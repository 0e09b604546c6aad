using System.Text;

namespace Ambient.Waypoint.Tests.Attacks;

/// <summary>Bytes on a stream as an attacker writes them, and what comes back.</summary>
internal static class RawStream
{
    /// <summary>Lines end as HTTP wants it unless a carriage return is among them.</summary>
    internal static async Task<string> AskAsync(Stream stream, string bytes, int quietMilliseconds = 400)
    {
        await SendAsync(stream, bytes);
        return await ReadAsync(stream, quietMilliseconds);
    }

    internal static async Task SendAsync(Stream stream, string bytes) => await stream.WriteAsync(
        Encoding.Latin1.GetBytes(bytes.Contains('\r', StringComparison.Ordinal) ? bytes : bytes.ReplaceLineEndings("\r\n")), TestContext.Current.CancellationToken);

    /// <summary>Until the end, or until it is quiet for a moment after something came; five seconds for the first byte.</summary>
    internal static async Task<string> ReadAsync(Stream stream, int quietMilliseconds = 400, int firstMilliseconds = 5000)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[16 * 1024];
        while (true)
        {
            using CancellationTokenSource quiet = new(text.Length == 0 ? firstMilliseconds : quietMilliseconds);
            try
            {
                int read = await stream.ReadAsync(buffer, quiet.Token);
                if (read == 0)
                {
                    return text.ToString();
                }

                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
            catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
            {
                return text.ToString();
            }
        }
    }

    /// <summary>Writes until it is refused, at most so many bytes; returns how many were taken.</summary>
    internal static async Task<long> PourAsync(Stream stream, byte[] piece, long most)
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
}
