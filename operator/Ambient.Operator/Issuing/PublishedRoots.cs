using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Identity.Trust;
using Ambient.Kube.Resources;

namespace Ambient.Operator.Issuing;

/// <summary>
/// The roots that were handed out, and until when those that the CA no longer has are still handed out: certificates under them are
/// in use until they end; and since when those that came later are handed out: until all proxies have them, nothing under them is of
/// use. Kept in a Secret of the system namespace, so that a restart forgets neither.
/// </summary>
internal sealed record PublishedRoots(
    TrustBundle Roots, ImmutableDictionary<string, DateTimeOffset> Retiring, ImmutableDictionary<string, DateTimeOffset> Since)
{
    private static readonly ImmutableDictionary<string, DateTimeOffset> NoTimes = ImmutableDictionary<string, DateTimeOffset>.Empty;

    public const string SecretName = "ambient-ca-published";
    private const string RootsKey = "root-cert.pem";
    private const string RetiringKey = "retiring.json";
    private const string SinceKey = "since.json";

    /// <summary>What to hand out now that the CA has <paramref name="current"/>.</summary>
    public static PublishedRoots Next(TrustBundle current, PublishedRoots? before, DateTimeOffset now, TimeSpan grace)
    {
        if (before is null)
        {
            return new PublishedRoots(current, NoTimes, NoTimes);
        }

        var keep = current.Roots.Select(r => r.Thumbprint).ToHashSet(StringComparer.Ordinal);
        ImmutableDictionary<string, DateTimeOffset> retiring = before.Roots.Roots
            .Where(r => !keep.Contains(r.Thumbprint))
            .Select(r => KeyValuePair.Create(r.Thumbprint, before.Retiring.GetValueOrDefault(r.Thumbprint, now + grace)))
            .Where(r => now < r.Value)
            .Take(TrustBundle.MaxRoots - current.Roots.Length)
            .ToImmutableDictionary(StringComparer.Ordinal);
        TrustBundle union = retiring.IsEmpty
            ? current
            : current.Union(TrustBundle.Of(before.Roots.Roots.Where(r => retiring.ContainsKey(r.Thumbprint))));
        var known = before.Roots.Roots.Select(r => r.Thumbprint).ToHashSet(StringComparer.Ordinal);
        ImmutableDictionary<string, DateTimeOffset> since = union.Roots
            .Where(r => !known.Contains(r.Thumbprint) || before.Since.ContainsKey(r.Thumbprint))
            .ToImmutableDictionary(r => r.Thumbprint, r => before.Since.GetValueOrDefault(r.Thumbprint, now), StringComparer.Ordinal);
        return new PublishedRoots(union, retiring, since);
    }

    public bool SameAs(PublishedRoots? other) => other is not null && Roots.SameRoots(other.Roots)
        && Same(Retiring, other.Retiring) && Same(Since, other.Since);

    /// <summary>True when every one of these roots has been handed out for so long.</summary>
    public bool KnownFor(TrustBundle roots, TimeSpan time, DateTimeOffset now) =>
        roots.Roots.All(r => !Since.TryGetValue(r.Thumbprint, out DateTimeOffset since) || now >= since + time);

    /// <summary>Null when it cannot be read: then only the CA's own roots count.</summary>
    public static PublishedRoots? Read(Secret secret)
    {
        try
        {
            return new PublishedRoots(
                TrustBundle.Parse(Text(secret, RootsKey)), Times(Text(secret, RetiringKey)),
                secret.Data.ContainsKey(SinceKey) ? Times(Text(secret, SinceKey)) : NoTimes);
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    public Secret ToSecret(string @namespace)
    {
        return new Secret
        {
            Metadata = new ObjectMeta { Name = SecretName, Namespace = @namespace },
            Type = "ambient.dev/published-roots",
            Data = new Dictionary<string, byte[]>
            {
                [RootsKey] = Encoding.UTF8.GetBytes(Roots.ToPem()),
                [RetiringKey] = Write(Retiring),
                [SinceKey] = Write(Since),
            },
        };
    }

    private static bool Same(ImmutableDictionary<string, DateTimeOffset> a, ImmutableDictionary<string, DateTimeOffset> b) =>
        a.Count == b.Count && a.All(r => b.TryGetValue(r.Key, out DateTimeOffset t) && t == r.Value);

    private static ImmutableDictionary<string, DateTimeOffset> Times(string json)
    {
        var times = ImmutableDictionary.CreateBuilder<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach ((string thumbprint, JsonNode? time) in JsonNode.Parse(json) as JsonObject ?? [])
        {
            times[thumbprint] = DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture);
        }

        return times.ToImmutable();
    }

    private static byte[] Write(ImmutableDictionary<string, DateTimeOffset> times)
    {
        var json = new JsonObject();
        foreach ((string thumbprint, DateTimeOffset time) in times.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            json[thumbprint] = time.ToString("O", CultureInfo.InvariantCulture);
        }

        return Encoding.UTF8.GetBytes(json.ToJsonString());
    }

    private static string Text(Secret secret, string key) =>
        secret.Data.TryGetValue(key, out byte[]? bytes) ? Encoding.UTF8.GetString(bytes) : "";
}
