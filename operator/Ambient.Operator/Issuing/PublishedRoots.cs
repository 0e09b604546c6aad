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
/// in use until they end. Kept in a Secret of the system namespace, so that a restart forgets no retiring root.
/// </summary>
internal sealed record PublishedRoots(TrustBundle Roots, ImmutableDictionary<string, DateTimeOffset> Retiring)
{
    public const string SecretName = "ambient-ca-published";
    private const string RootsKey = "root-cert.pem";
    private const string RetiringKey = "retiring.json";

    /// <summary>What to hand out now that the CA has <paramref name="current"/>.</summary>
    public static PublishedRoots Next(TrustBundle current, PublishedRoots? before, DateTimeOffset now, TimeSpan grace)
    {
        if (before is null)
        {
            return new PublishedRoots(current, ImmutableDictionary<string, DateTimeOffset>.Empty);
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
        return new PublishedRoots(union, retiring);
    }

    public bool SameAs(PublishedRoots? other) => other is not null && Roots.SameRoots(other.Roots)
        && Retiring.Count == other.Retiring.Count && Retiring.All(r => other.Retiring.TryGetValue(r.Key, out DateTimeOffset t) && t == r.Value);

    /// <summary>Null when it cannot be read: then only the CA's own roots count.</summary>
    public static PublishedRoots? Read(Secret secret)
    {
        try
        {
            var retiring = ImmutableDictionary.CreateBuilder<string, DateTimeOffset>(StringComparer.Ordinal);
            foreach ((string thumbprint, JsonNode? time) in JsonNode.Parse(Text(secret, RetiringKey)) as JsonObject ?? [])
            {
                retiring[thumbprint] = DateTimeOffset.Parse((string)time!, CultureInfo.InvariantCulture);
            }

            return new PublishedRoots(TrustBundle.Parse(Text(secret, RootsKey)), retiring.ToImmutable());
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }

    public Secret ToSecret(string @namespace)
    {
        var times = new JsonObject();
        foreach ((string thumbprint, DateTimeOffset time) in Retiring.OrderBy(r => r.Key, StringComparer.Ordinal))
        {
            times[thumbprint] = time.ToString("O", CultureInfo.InvariantCulture);
        }

        return new Secret
        {
            Metadata = new ObjectMeta { Name = SecretName, Namespace = @namespace },
            Type = "ambient.dev/published-roots",
            Data = new Dictionary<string, byte[]>
            {
                [RootsKey] = Encoding.UTF8.GetBytes(Roots.ToPem()),
                [RetiringKey] = Encoding.UTF8.GetBytes(times.ToJsonString()),
            },
        };
    }

    private static string Text(Secret secret, string key) =>
        secret.Data.TryGetValue(key, out byte[]? bytes) ? Encoding.UTF8.GetString(bytes) : "";
}
