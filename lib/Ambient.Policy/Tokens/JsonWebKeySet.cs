using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Ambient.Policy.Tokens.Keys;

namespace Ambient.Policy.Tokens;

/// <summary>The keys of an issuer (RFC 7517 §5). Keys that cannot be used are left out and told. Immutable, thread-safe.</summary>
public sealed class JsonWebKeySet
{
    /// <summary>Bytes of a set.</summary>
    public const int MaxLength = 256 * 1024;

    public const int MaxKeys = 100;

    private readonly ImmutableArray<JsonWebKey> _keys;

    private JsonWebKeySet(ImmutableArray<JsonWebKey> keys, ImmutableArray<string> ignored)
    {
        _keys = keys;
        Ignored = ignored;
    }

    public int Count => _keys.Length;

    /// <summary>For each key that is not used, why: <c>keys[1] is not for signatures (use)</c>.</summary>
    public ImmutableArray<string> Ignored { get; }

    internal ImmutableArray<JsonWebKey> Keys => _keys;

    /// <param name="allowSymmetric">Shared secrets count: only for a set that a policy holds itself, never for a fetched one.</param>
    /// <param name="problem">Why there is no set with a usable key.</param>
    public static bool TryParse(string text, bool allowSymmetric, [NotNullWhen(true)] out JsonWebKeySet? set, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(Encoding.UTF8.GetBytes(text), allowSymmetric, out set, out problem);
    }

    /// <inheritdoc cref="TryParse(string, bool, out JsonWebKeySet?, out string?)"/>
    public static bool TryParse(ReadOnlyMemory<byte> utf8, bool allowSymmetric, [NotNullWhen(true)] out JsonWebKeySet? set, [NotNullWhen(false)] out string? problem)
    {
        set = null;
        problem = utf8.Length > MaxLength ? $"is longer than {MaxLength} bytes" : null;
        if (problem is not null)
        {
            return false;
        }

        if (StrictJson.Object(utf8) is not { } root || !root.TryGetProperty("keys", out JsonElement keys) || keys.ValueKind != JsonValueKind.Array)
        {
            problem = "is no JSON Web Key Set: an object with a list of keys";
            return false;
        }

        if (keys.GetArrayLength() > MaxKeys)
        {
            problem = $"has {keys.GetArrayLength()} keys, at most {MaxKeys} are allowed";
            return false;
        }

        set = Read(keys, new KeyReader(allowSymmetric));
        problem = set.Count > 0 ? null : set.Ignored.IsEmpty ? "has no keys" : $"has no usable key: {set.Ignored[0]}";
        set = problem is null ? set : null;
        return problem is null;
    }

    private static JsonWebKeySet Read(JsonElement keys, KeyReader reader)
    {
        var used = ImmutableArray.CreateBuilder<JsonWebKey>();
        var ignored = ImmutableArray.CreateBuilder<string>();
        int at = 0;
        foreach (JsonElement key in keys.EnumerateArray())
        {
            try
            {
                used.Add(reader.Read(key));
            }
            catch (KeyException e)
            {
                ignored.Add($"keys[{at}] {e.Message}");
            }

            at++;
        }

        return new JsonWebKeySet(used.ToImmutable(), ignored.ToImmutable());
    }
}
