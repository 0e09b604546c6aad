using Ambient.Resources.Manifests;
using Ambient.Resources.Schemas;
using System.Text;
using System.Text.Json.Nodes;

namespace Ambient.Resources.Tests.Schemas;

public sealed class CrdManifestsTests
{
    private static string Folder => SourceTree.Of("charts/ambient/crds");

    [Fact]
    public void CommittedDefinitions_ComparedWithTypes_AreTheGeneratedOnes()
    {
        if (Environment.GetEnvironmentVariable("AMBIENT_GOLDEN") == "write")
        {
            CrdManifests.Write(Folder);
        }

        var committed = Directory.EnumerateFiles(Folder).ToDictionary(f => Path.GetFileName(f), File.ReadAllText);
        Assert.Equal(CrdManifests.All().Keys.Order(), committed.Keys.Order());
        Assert.All(CrdManifests.All(), crd => Assert.Equal(crd.Value, committed[crd.Key]));
    }

    [Fact]
    public void Definitions_ReadBack_AreTheSameYaml()
    {
        foreach (var (file, text) in CrdManifests.All())
        {
            var set = ManifestReader.ReadText(Encoding.UTF8.GetBytes(text), file);
            Assert.Empty(set.Errors);
            Assert.EndsWith(YamlText.Of(set.Objects[0].Content), text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("security.istio.io_authorizationpolicies.yaml", "v1,v1beta1")]
    [InlineData("networking.istio.io_virtualservices.yaml", "v1,v1beta1,v1alpha3")]
    [InlineData("networking.istio.io_envoyfilters.yaml", "v1alpha3")]
    [InlineData("telemetry.istio.io_telemetries.yaml", "v1,v1alpha1")]
    [InlineData("split.smi-spec.io_trafficsplits.yaml", "v1alpha4,v1alpha3,v1alpha2,v1alpha1")]
    [InlineData("linkerd.io_serviceprofiles.yaml", "v1alpha2,v1alpha1")]
    [InlineData("ambient.dev_meshes.yaml", "v1alpha1")]
    public void Definition_OfAKind_ServesAllVersionsAndStoresTheFirst(string file, string versions)
    {
        var definition = ManifestReader.ReadText(Encoding.UTF8.GetBytes(CrdManifests.All()[file]), file).Objects.Single().Content;
        var served = definition["spec"]!["versions"]!.AsArray();
        Assert.Equal(versions, string.Join(',', served.Select(v => v!["name"])));
        Assert.All(served, v => Assert.NotNull(v!["subresources"]!["status"]));
        Assert.Equal([true, .. Enumerable.Repeat(false, served.Count - 1)], served.Select(v => (bool)v!["storage"]!));
    }

    [Fact]
    public void SecurityDefinitions_EveryObjectOfTheSpec_KeepsUnknownFields()
    {
        foreach (var (file, text) in CrdManifests.All().Where(c => c.Key.StartsWith("security.", StringComparison.Ordinal)))
        {
            var definition = ManifestReader.ReadText(Encoding.UTF8.GetBytes(text), file).Objects.Single().Content;
            var spec = definition["spec"]!["versions"]![0]!["schema"]!["openAPIV3Schema"]!["properties"]!["spec"]!;
            Assert.NotEmpty(Objects(spec));
            Assert.All(Objects(spec), o => Assert.True((bool?)o["x-kubernetes-preserve-unknown-fields"], $"{file}: {o["description"]}"));
        }
    }

    private static IEnumerable<JsonNode> Objects(JsonNode schema)
    {
        if ((string?)schema["type"] == "object" && schema["additionalProperties"] is null)
        {
            yield return schema;
        }

        var inner = (schema["properties"] as JsonObject ?? []).Select(p => p.Value)
            .Append(schema["items"]).Append(schema["additionalProperties"]).OfType<JsonNode>();
        foreach (var found in inner.SelectMany(Objects))
        {
            yield return found;
        }
    }
}
