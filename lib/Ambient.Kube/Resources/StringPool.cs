using System.Text;
using System.Text.Json;

namespace Ambient.Kube.Resources;

/// <summary>
/// Gives the same string for the same short text, as long as its slot is not taken by another: label names and values, phases and kinds
/// repeat in every object of a cache. Bounded; a slot is one reference, so that races do no harm.
/// </summary>
internal static class StringPool
{
    private const int MaxLength = 64;
    private static readonly string?[] Slots = new string?[1 << 14];

    public static string Read(ref Utf8JsonReader reader)
    {
        if (reader.HasValueSequence || reader.ValueIsEscaped || reader.ValueSpan.Length is 0 or > MaxLength)
        {
            return reader.GetString()!;
        }

        ReadOnlySpan<byte> text = reader.ValueSpan;
        uint hash = 2166136261;
        foreach (byte b in text)
        {
            hash = (hash ^ b) * 16777619;
        }

        ref string? slot = ref Slots[(hash ^ (hash >> 16)) & (uint)(Slots.Length - 1)];
        string? known = slot;
        if (known is null || !Ascii.Equals(text, known))
        {
            slot = known = reader.GetString()!;
        }

        return known;
    }
}
