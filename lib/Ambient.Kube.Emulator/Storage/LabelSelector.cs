using System.Text.Json.Nodes;
using Ambient.Kube.Emulator.Serving;

namespace Ambient.Kube.Emulator.Storage;

/// <summary>The query form of a label selector: <c>a=b,c!=d,e in (f,g),h notin (i),j,!k</c>.</summary>
internal sealed class LabelSelector
{
    private readonly List<LabelRequirement> requirements = [];

    public bool IsEmpty => requirements.Count == 0;

    public static LabelSelector Parse(string? text)
    {
        var selector = new LabelSelector();
        foreach (string part in Parts(text ?? ""))
        {
            selector.requirements.Add(LabelRequirement.Parse(part));
        }

        return selector;
    }

    public bool Matches(JsonObject value)
    {
        JsonObject? labels = value.Object("metadata", "labels");
        return requirements.TrueForAll(r => r.Matches(labels.Text(r.Key)));
    }

    /// <summary>Splits at commas outside parentheses.</summary>
    private static IEnumerable<string> Parts(string text)
    {
        int depth = 0, start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || (text[i] == ',' && depth == 0))
            {
                string part = text[start..i].Trim();
                start = i + 1;
                if (part.Length > 0)
                {
                    yield return part;
                }
            }
            else
            {
                depth += text[i] == '(' ? 1 : text[i] == ')' ? -1 : 0;
            }
        }
    }
}
