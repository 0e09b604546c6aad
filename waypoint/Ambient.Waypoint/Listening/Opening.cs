using System.Buffers;
using System.IO.Pipelines;

namespace Ambient.Waypoint.Listening;

/// <summary>How a connection begins.</summary>
/// <param name="ServerName">Of a TLS ClientHello, lower-case; null when it names none.</param>
/// <param name="Ended">The client has ended its side.</param>
internal readonly record struct Opening(Spoken Spoken, string? ServerName, bool Ended)
{
    /// <summary>Reads until it is clear; what was read stays for the next reader.</summary>
    /// <param name="patience">When cancelled, what is there decides: nothing is <see cref="Spoken.Undecided"/>.</param>
    internal static async ValueTask<Opening> ReadAsync(PipeReader input, CancellationToken patience)
    {
        Opening opening;
        await using (patience.UnsafeRegister(static reader => ((PipeReader)reader!).CancelPendingRead(), input))
        {
            while (true)
            {
                ReadResult result = await input.ReadAsync(CancellationToken.None);
                opening = Look(result);
                if (opening.Spoken != Spoken.Undecided || opening.Ended || result.IsCanceled)
                {
                    input.AdvanceTo(result.Buffer.Start, result.Buffer.Start);
                    break;
                }

                input.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }

        Uncancel(input);
        return opening;
    }

    /// <summary>A cancellation that came too late for the read that it was meant for is not left for the next reader.</summary>
    internal static void Uncancel(PipeReader input)
    {
        if (input.TryRead(out ReadResult left))
        {
            input.AdvanceTo(left.Buffer.Start, left.Buffer.Start);
        }
    }

    /// <summary>By what a read brought, whatever may follow.</summary>
    internal static Opening Look(ReadResult result)
    {
        ReadOnlySequence<byte> bytes = result.Buffer;
        if (bytes.IsSingleSegment)
        {
            return Look(bytes.FirstSpan, result.IsCompleted);
        }

        if (bytes.Length > FirstBytes.MaxLength)
        {
            bytes = bytes.Slice(0, FirstBytes.MaxLength);
        }

        byte[] together = ArrayPool<byte>.Shared.Rent(FirstBytes.MaxLength);
        try
        {
            bytes.CopyTo(together);
            return Look(together.AsSpan(0, (int)bytes.Length), result.IsCompleted);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(together);
        }
    }

    private static Opening Look(ReadOnlySpan<byte> bytes, bool ended)
    {
        Spoken spoken = FirstBytes.Look(bytes);
        return new Opening(spoken, spoken == Spoken.Tls ? TlsHello.ServerName(bytes) : null, ended);
    }
}
