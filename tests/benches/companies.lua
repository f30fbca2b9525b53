-- wrk's request: a page of companies with their invoices.
wrk.method = "POST"
wrk.path = "/graphql"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. os.getenv("KAMARA_TOKEN")
wrk.body = os.getenv("KAMARA_BODY")

local wrong = 0
function response(status, headers, body)
  if status ~= 200 or string.find(body, '"errors"') then
    wrong = wrong + 1
    if wrong == 1 then io.stderr:write("an answer isn't what it should be: " .. status .. " " .. string.sub(body, 1, 200) .. "\n") end
  end
end
