using System.Text;
using System.Text.Json.Nodes;
using Ambient.Lab.Meshing;
using Ambient.Resources.Manifests;

namespace Ambient.Lab.Tests.Meshing;

public sealed class ChartRightsTests
{
    [Fact]
    public void Operator_InALab_HasTheChartsRules()
    {
        string chart = File.ReadAllText(Path.Combine(Root(), "charts/ambient/templates/operator-rbac.yaml"));

        Assert.Equal(Rules(chart.Replace("{{ .Release.Namespace }}", "ambient-system")), Rules(SystemManifests.Build(new LabOptions())));
    }

    /// <summary>What making waypoints takes; without one of these, a real cluster would refuse what the lab lets pass.</summary>
    [Theory]
    [InlineData("apps", "deployments", "patch")]
    [InlineData("", "services", "patch")]
    [InlineData("", "serviceaccounts", "patch")]
    [InlineData("policy", "poddisruptionbudgets", "patch")]
    [InlineData("autoscaling", "horizontalpodautoscalers", "delete")]
    [InlineData("gateway.networking.k8s.io", "gatewayclasses", "create")]
    [InlineData("", "configmaps", "list")]
    public void Operator_MayDo_WhatGatewaysTake(string group, string resource, string verb) => Assert.Contains(
        Documents(ChartRights.Of("ambient-system")).Where(o => (string?)o["kind"] == "ClusterRole").SelectMany(o => o["rules"]!.AsArray()),
        rule => Has(rule!["apiGroups"]!, group) && Has(rule["resources"]!, resource) && Has(rule["verbs"]!, verb));

    private static bool Has(JsonNode list, string word) => list.AsArray().Any(v => (string?)v == word);

    private static string Rules(string yaml) => string.Join('\n', Documents(yaml)
        .Where(o => (string?)o["kind"] is "ClusterRole" or "Role" or "ClusterRoleBinding" or "RoleBinding").Select(o => o.ToJsonString()));

    private static IEnumerable<JsonObject> Documents(string yaml)
    {
        var set = ManifestReader.ReadText(Encoding.UTF8.GetBytes(yaml), "test");
        Assert.Empty(set.Errors);
        return set.Objects.Select(o => o.Content);
    }

    private static string Root()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "Ambient.sln")))
        {
            at = Path.GetDirectoryName(at);
        }

        return at!;
    }
}
