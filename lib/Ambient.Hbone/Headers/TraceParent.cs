using System.Buffers;
using System.Security.Cryptography;

namespace Ambient.Hbone.Headers;

/// <summary>W3C Trace Context <c>traceparent</c>, version 00: <c>00-TRACE-SPAN-FLAGS</c> in lower-case hex, 55 characters.</summary>
public static class TraceParent
{
    public const int Length = 55;

    private static readonly SearchValues<char> Hex = SearchValues.Create("0123456789abcdef");

    /// <summary>True for exactly the form of version 00 with a trace id and a span id that are not zero.</summary>
    public static bool IsValid(string? text) =>
        text is { Length: Length }
        && text.StartsWith("00-", StringComparison.Ordinal) && text[35] == '-' && text[52] == '-'
        && IsId(text.AsSpan(3, 32)) && IsId(text.AsSpan(36, 16))
        && !text.AsSpan(53).ContainsAnyExcept(Hex);

    /// <summary>The received value when it is valid, otherwise a new one.</summary>
    public static string AcceptOrCreate(string? received) => IsValid(received) ? received! : Create();

    /// <summary>A random trace and span, not sampled.</summary>
    public static string Create()
    {
        Span<byte> ids = stackalloc byte[24];
        do
        {
            RandomNumberGenerator.Fill(ids);
        }
        while (!ids[..16].ContainsAnyExcept((byte)0) || !ids[16..].ContainsAnyExcept((byte)0));
        return $"00-{Convert.ToHexStringLower(ids[..16])}-{Convert.ToHexStringLower(ids[16..])}-00";
    }

    private static bool IsId(ReadOnlySpan<char> id) => !id.ContainsAnyExcept(Hex) && id.ContainsAnyExcept('0');
}
