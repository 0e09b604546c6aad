using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Storage;

namespace Ambient.Kube.Emulator.Authentication;

/// <summary>Signs and checks service account tokens (JWT, ES256; claims as the TokenRequest API makes them).</summary>
internal sealed class TokenAuthority(ResourceStore store, TimeProvider time, string issuer) : IDisposable
{
    private const int MaxTokenLength = 8192;
    private readonly Lock gate = new();
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string keyId = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    public string Issuer => issuer;

    public string Sign(StoredObject account, IReadOnlyList<string> audiences, DateTimeOffset expires, StoredObject? pod)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        var kubernetes = new JsonObject
        {
            ["namespace"] = account.Namespace,
            ["serviceaccount"] = new JsonObject { ["name"] = account.Name, ["uid"] = account.Uid },
        };
        if (pod is not null)
        {
            kubernetes["pod"] = new JsonObject { ["name"] = pod.Name, ["uid"] = pod.Uid };
            if (pod.Value.Text("spec", "nodeName") is { Length: > 0 } node)
            {
                kubernetes["node"] = new JsonObject { ["name"] = node, ["uid"] = store.Find("/nodes", "", node)?.Uid ?? "" };
            }
        }

        var claims = new JsonObject
        {
            ["aud"] = JsonPaths.ArrayOf(audiences),
            ["exp"] = expires.ToUnixTimeSeconds(),
            ["iat"] = now,
            ["iss"] = issuer,
            ["jti"] = Guid.NewGuid().ToString(),
            ["kubernetes.io"] = kubernetes,
            ["nbf"] = now,
            ["sub"] = $"system:serviceaccount:{account.Namespace}:{account.Name}",
        };
        var header = new JsonObject { ["alg"] = "ES256", ["kid"] = keyId };
        string body = $"{Encode(header)}.{Encode(claims)}";
        byte[] signature;
        lock (gate)
        {
            signature = key.SignData(Encoding.ASCII.GetBytes(body), HashAlgorithmName.SHA256);
        }

        return $"{body}.{Base64Url.EncodeToString(signature)}";
    }

    /// <summary>The caller of a token for this server; null where the token is not good.</summary>
    public AuthenticatedUser? Authenticate(string token) => Verify(token, [issuer], out _, out _);

    /// <summary>Signature, time, audience, and that account, pod and node still are the ones it was made for.</summary>
    public AuthenticatedUser? Verify(string token, IReadOnlyList<string> audiences, out List<string> matched, out string error)
    {
        matched = [];
        if (Claims(token) is not { } claims)
        {
            error = "invalid bearer token";
            return null;
        }

        matched = [.. claims.Items("aud").Select(a => a.Plain() ?? "").Where(audiences.Contains)];
        error = Refusal(claims, matched);
        if (error.Length > 0)
        {
            return null;
        }

        var (ns, name) = (claims.Text("kubernetes.io", "namespace")!, claims.Text("kubernetes.io", "serviceaccount", "name")!);
        var extra = new List<KeyValuePair<string, string>> { new("authentication.kubernetes.io/credential-id", $"JTI={claims.Text("jti")}") };
        Add(extra, "authentication.kubernetes.io/node-name", claims.Text("kubernetes.io", "node", "name"));
        Add(extra, "authentication.kubernetes.io/node-uid", claims.Text("kubernetes.io", "node", "uid"));
        Add(extra, "authentication.kubernetes.io/pod-name", claims.Text("kubernetes.io", "pod", "name"));
        Add(extra, "authentication.kubernetes.io/pod-uid", claims.Text("kubernetes.io", "pod", "uid"));
        return new AuthenticatedUser(
            $"system:serviceaccount:{ns}:{name}",
            claims.Text("kubernetes.io", "serviceaccount", "uid") ?? "",
            ["system:serviceaccounts", $"system:serviceaccounts:{ns}", AuthenticatedUser.AuthenticatedGroup],
            [.. extra]);
    }

    /// <summary>The public key, for <c>/openid/v1/jwks</c>.</summary>
    public JsonObject Keys()
    {
        ECParameters p = key.ExportParameters(false);
        return new JsonObject
        {
            ["keys"] = new JsonArray(new JsonObject
            {
                ["use"] = "sig",
                ["kty"] = "EC",
                ["kid"] = keyId,
                ["crv"] = "P-256",
                ["alg"] = "ES256",
                ["x"] = Base64Url.EncodeToString(p.Q.X),
                ["y"] = Base64Url.EncodeToString(p.Q.Y),
            }),
        };
    }

    public void Dispose() => key.Dispose();

    private static void Add(List<KeyValuePair<string, string>> extra, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value))
        {
            extra.Add(new(name, value));
        }
    }

    private JsonObject? Claims(string token)
    {
        string[] parts = token.Length <= MaxTokenLength ? token.Split('.') : [];
        if (parts.Length != 3)
        {
            return null;
        }

        try
        {
            // Only our algorithm: whatever the header says is not asked.
            return JsonText.Parse(Base64Url.DecodeFromChars(parts[0])).Text("alg") == "ES256"
                && IsSigned($"{parts[0]}.{parts[1]}", Base64Url.DecodeFromChars(parts[2]))
                ? JsonText.Parse(Base64Url.DecodeFromChars(parts[1])) as JsonObject
                : null;
        }
        catch (Exception e) when (e is FormatException or JsonException)
        {
            return null;
        }
    }

    private bool IsSigned(string body, byte[] signature)
    {
        lock (gate)
        {
            return key.VerifyData(Encoding.ASCII.GetBytes(body), signature, HashAlgorithmName.SHA256);
        }
    }

    private string Refusal(JsonObject claims, List<string> matched)
    {
        long now = time.GetUtcNow().ToUnixTimeSeconds();
        if (claims.Text("iss") != issuer)
        {
            return "invalid bearer token";
        }

        if (claims.Number("exp") is not { } expires || expires < now)
        {
            return "service account token has expired";
        }

        if (claims.Number("nbf") > now + 60)
        {
            return "service account token is not valid yet";
        }

        if (matched.Count == 0)
        {
            return "token audiences " + claims.At("aud")?.ToJsonString() + " is invalid for the target audiences";
        }

        string ns = claims.Text("kubernetes.io", "namespace") ?? "";
        JsonObject? account = claims.Object("kubernetes.io", "serviceaccount");
        if (store.Find("/serviceaccounts", ns, account.Text("name") ?? "")?.Uid != account.Text("uid"))
        {
            return "service account has been deleted";
        }

        // A pod that is gone takes its tokens with it; one that is being deleted keeps them until it is gone.
        if (claims.Object("kubernetes.io", "pod") is { } pod && store.Find("/pods", ns, pod.Text("name") ?? "")?.Uid != pod.Text("uid"))
        {
            return "service account token has been invalidated";
        }

        return "";
    }

    private static string Encode(JsonNode node) => Base64Url.EncodeToString(JsonText.Bytes(node));
}
