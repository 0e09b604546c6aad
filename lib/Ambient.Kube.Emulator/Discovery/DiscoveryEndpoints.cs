using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Authentication;
using Ambient.Kube.Emulator.Serving;
using Ambient.Kube.Emulator.Types;
using Microsoft.AspNetCore.Http;

namespace Ambient.Kube.Emulator.Discovery;

/// <summary>What a client asks before it knows the server: versions, groups, resources, schemas.</summary>
internal sealed class DiscoveryEndpoints(ResourceCatalog catalog, OpenApiDocuments documents, TokenAuthority tokens, string version)
{
    /// <summary>The answer, or null where the path is no discovery path.</summary>
    public Task? Find(HttpContext http, string path)
    {
        CatalogView view = catalog.Current;
        return path.Trim('/').Split('/') switch
        {
            [""] => Json(http, new JsonObject { ["paths"] = JsonPaths.ArrayOf(Roots(view)) }),
            ["version"] => Json(http, ServerVersion.Of(version)),
            ["api"] => Aggregated(http, view, core: true) ?? Json(http, LegacyDiscovery.CoreVersions(http)),
            ["apis"] => Aggregated(http, view, core: false) ?? Json(http, LegacyDiscovery.Groups(view)),
            ["api", "v1"] => Json(http, LegacyDiscovery.Resources(view, "", "v1")),
            ["apis", var group] => view.Groups.FirstOrDefault(g => g.Name == group) is { } found ? Json(http, LegacyDiscovery.Group(found, whole: true)) : throw ApiErrors.PageNotFound(),
            ["apis", var group, var v] => view.Of(group, v).Any() ? Json(http, LegacyDiscovery.Resources(view, group, v)) : throw ApiErrors.PageNotFound(),
            ["openapi", "v2"] => OpenApiV2(http),
            ["openapi", "v3"] => Bytes(http, documents.Index()),
            ["openapi", "v3", "api", "v1"] => Bytes(http, documents.Of("", "v1")),
            ["openapi", "v3", "apis", var group, var v] => Bytes(http, documents.Of(group, v)),
            [".well-known", "openid-configuration"] => Json(http, OpenIdConfiguration()),
            ["openid", "v1", "jwks"] => Json(http, tokens.Keys(), "application/jwk-set+json"),
            _ => null,
        };
    }

    private static Task Json(HttpContext http, JsonObject body, string contentType = ApiResponse.Json) => ApiResponse.WriteAsync(http, 200, body, contentType);

    private static Task Bytes(HttpContext http, byte[]? body) => ApiResponse.WriteAsync(http, 200, body ?? throw ApiErrors.PageNotFound());

    private static Task? Aggregated(HttpContext http, CatalogView view, bool core)
    {
        string? v = AggregatedDiscovery.VersionAsked(http.Request.Headers.Accept.ToString());
        return v is null ? null : Json(http, AggregatedDiscovery.Of(view, v, core), $"application/json;g=apidiscovery.k8s.io;v={v};as=APIGroupDiscoveryList");
    }

    /// <summary>The old form, without paths or definitions, as JSON or protobuf: it sends clients to version 3.</summary>
    private Task OpenApiV2(HttpContext http)
    {
        string accept = http.Request.Headers.Accept.ToString();
        return accept.Contains("protobuf", StringComparison.Ordinal)
            ? ApiResponse.WriteAsync(http, 200, OpenApiDocuments.Version2Protobuf, "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")
            : Bytes(http, documents.Version2());
    }

    private JsonObject OpenIdConfiguration() => new()
    {
        ["issuer"] = tokens.Issuer,
        ["jwks_uri"] = $"{tokens.Issuer}/openid/v1/jwks",
        ["response_types_supported"] = JsonPaths.ArrayOf("id_token"),
        ["subject_types_supported"] = JsonPaths.ArrayOf("public"),
        ["id_token_signing_alg_values_supported"] = JsonPaths.ArrayOf("ES256"),
    };

    private static IEnumerable<string> Roots(CatalogView view) =>
    [
        "/api", "/api/v1", "/apis",
        .. view.Groups.Where(g => g.Name.Length > 0).SelectMany(g => g.Versions.Select(v => $"/apis/{g.Name}/{v}").Prepend($"/apis/{g.Name}")),
        "/healthz", "/livez", "/openapi/v2", "/openapi/v3", "/readyz", "/version",
    ];
}
