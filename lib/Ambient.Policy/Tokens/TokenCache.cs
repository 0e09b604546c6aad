using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Ambient.Policy.Tokens;

/// <summary>
/// Tokens whose signature was found good, by SHA-256 of their text: the text itself is not kept. Two generations, each bounded by count and by
/// characters: when the young one is full it becomes the old one and what was old goes, so what is used stays. Thread-safe.
/// </summary>
internal sealed class TokenCache(int maxTokens, long maxLength)
{
    private readonly Lock _turning = new();
    private volatile Generation _young = new();
    private volatile Generation _old = new();

    /// <summary>A SHA-256.</summary>
    public readonly record struct Key(UInt128 High, UInt128 Low)
    {
        public static Key Of(ReadOnlySpan<char> token)
        {
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(MemoryMarshal.AsBytes(token), hash);
            return MemoryMarshal.Read<Key>(hash);
        }
    }

    private sealed class Generation
    {
        public ConcurrentDictionary<Key, ReadToken> Tokens { get; } = new();

        public long Length;
    }

    public int Count => _young.Tokens.Count + _old.Tokens.Count;

    public ReadToken? Find(Key key)
    {
        if (_young.Tokens.TryGetValue(key, out ReadToken? token))
        {
            return token;
        }

        if (_old.Tokens.TryRemove(key, out token))
        {
            Add(key, token);
        }

        return token;
    }

    public void Add(Key key, ReadToken token)
    {
        Generation young = _young;
        if (young.Tokens.TryAdd(key, token)
            && (Interlocked.Add(ref young.Length, token.Payload.Length) > maxLength / 2 || young.Tokens.Count > maxTokens / 2))
        {
            Turn(young);
        }
    }

    private void Turn(Generation full)
    {
        lock (_turning)
        {
            if (ReferenceEquals(_young, full))
            {
                _old = full;
                _young = new Generation();
            }
        }
    }
}
