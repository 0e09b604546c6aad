namespace Ambient.Lab.Meshing;

/// <summary>The operator's service account, roles and bindings, as the chart has them.</summary>
internal static class ChartRights
{
    private const string Release = "{{ .Release.Namespace }}";

    public static string Of(string @namespace)
    {
        using Stream file = typeof(ChartRights).Assembly.GetManifestResourceStream("operator-rbac.yaml")
            ?? throw new InvalidOperationException("the chart's operator-rbac.yaml is not built in");
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd().Replace(Release, @namespace, StringComparison.Ordinal);
        return text.Contains("{{", StringComparison.Ordinal)
            ? throw new InvalidOperationException("operator-rbac.yaml has a template expression that a lab does not know")
            : text;
    }
}
