using System.Text.Json.Nodes;

namespace Ambient.Compile.Reports;

/// <summary>What a route says that it attaches to, as written: a field that was left out is null and stays out of the status.</summary>
public sealed record ParentRef(string? Group, string? Kind, string? Namespace, string Name, string? SectionName, int? Port)
{
    /// <summary>As in the route, so that the entry of the status is found again by equality.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject();
        Add("group", Group);
        Add("kind", Kind);
        Add("namespace", Namespace);
        Add("name", Name);
        Add("sectionName", SectionName);
        if (Port is { } port)
        {
            json["port"] = port;
        }

        return json;

        void Add(string name, string? value)
        {
            if (value is not null)
            {
                json[name] = value;
            }
        }
    }
}
